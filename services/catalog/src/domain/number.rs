use std::{fmt, str::FromStr};

use motcua_fault::{Kind, Refusal};
use serde::{Deserialize, Serialize};

/// The national number of a procedure (mã thủ tục): one digit of kind, six of order.
///
/// Provinces write suffixes behind it (`2.000815.000.00.00.H55`); they name the
/// same procedure and are cut off.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ProcedureNumber(String);

/// A text that is no procedure number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("Mã thủ tục phải có dạng một chữ số từ 1 đến 6, dấu chấm và sáu chữ số, ví dụ 1.001193.")]
pub struct BadNumber;

impl Refusal for BadNumber {
    fn kind(&self) -> Kind {
        Kind::InvalidArgument
    }

    fn reason(&self) -> &'static str {
        "PROCEDURE_NUMBER_INVALID"
    }
}

impl ProcedureNumber {
    /// `1.001193`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the number is of a kind that only officials use among themselves
    /// (numbers 5 and 6 of the national database).
    pub fn is_internal(&self) -> bool {
        self.0.starts_with(['5', '6'])
    }
}

impl FromStr for ProcedureNumber {
    type Err = BadNumber;

    fn from_str(text: &str) -> Result<Self, BadNumber> {
        let text = text.trim();
        let (number, suffix) = text.split_at_checked(8).ok_or(BadNumber)?;
        let bytes = number.as_bytes();
        let sound = matches!(bytes, [b'1'..=b'6', b'.', order @ ..] if order.iter().all(u8::is_ascii_digit))
            && (suffix.is_empty() || suffix.starts_with('.'));
        if sound { Ok(Self(number.to_owned())) } else { Err(BadNumber) }
    }
}

impl TryFrom<String> for ProcedureNumber {
    type Error = BadNumber;

    fn try_from(text: String) -> Result<Self, BadNumber> {
        text.parse()
    }
}

impl From<ProcedureNumber> for String {
    fn from(number: ProcedureNumber) -> Self {
        number.0
    }
}

impl fmt::Display for ProcedureNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_local_suffix_names_the_same_procedure() {
        let number: ProcedureNumber = " 2.000815.000.00.00.H55 ".parse().unwrap();
        assert_eq!(number.as_str(), "2.000815");
        assert!(!number.is_internal());
        assert!("6.000815".parse::<ProcedureNumber>().unwrap().is_internal());
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in ["", "1.00119", "7.001193", "1.0011934", "1,001193", "một.001193", "1.00119Đ"]
        {
            assert_eq!(text.parse::<ProcedureNumber>(), Err(BadNumber), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn what_is_read_is_read_again_the_same(text in proptest::prop_oneof![
            proptest::prelude::any::<String>(), "[0-9][.][0-9]{5,7}[.0-9A-Zđ]{0,12}",
        ]) {
            if let Ok(number) = text.parse::<ProcedureNumber>() {
                proptest::prop_assert_eq!(number.as_str().parse(), Ok(number.clone()));
            }
        }
    }
}
