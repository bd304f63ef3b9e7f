//! Vietnamese telephone numbers.

use std::fmt;

use motcua_fault::{Kind, Refusal};
use serde::{Deserialize, Serialize};

/// A mobile or landline number of Viet Nam, kept as E.164 (`+84912345678`).
/// Its `Debug` and `Display` are masked.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PhoneNumber(String);

/// A text that is no Vietnamese telephone number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "Số điện thoại phải là số di động 10 chữ số (đầu 03, 05, 07, 08, 09) hoặc số cố định 11 chữ số (đầu 02)."
)]
pub struct BadPhoneNumber;

impl Refusal for BadPhoneNumber {
    fn kind(&self) -> Kind {
        Kind::InvalidArgument
    }

    fn reason(&self) -> &'static str {
        "PHONE_INVALID"
    }
}

impl PhoneNumber {
    /// Reads a number as people write it: `0912 345 678`, `(+84) 912.345.678`, `84912345678`.
    pub fn parse(text: &str) -> Result<Self, BadPhoneNumber> {
        let mut digits = String::with_capacity(text.len());
        for (i, c) in text.trim().chars().enumerate() {
            match c {
                '0'..='9' => digits.push(c),
                // Only ahead of the digits, perhaps within a bracket.
                '+' if i <= 1 && digits.is_empty() => {}
                ' ' | '.' | '-' | '(' | ')' | '\u{a0}' => {}
                _ => return Err(BadPhoneNumber),
            }
        }
        let significant = (digits.strip_prefix("0084"))
            .or_else(|| digits.strip_prefix("84").filter(|rest| rest.len() >= 9))
            .or_else(|| digits.strip_prefix('0'))
            .ok_or(BadPhoneNumber)?;
        // `+84 (0)912…`: the trunk zero is written along by some.
        let significant = significant.strip_prefix('0').unwrap_or(significant);
        let fits = match significant.as_bytes().first() {
            Some(b'3' | b'5' | b'7' | b'8' | b'9') => significant.len() == 9,
            Some(b'2') => significant.len() == 10,
            _ => false,
        };
        if fits { Ok(Self(format!("+84{significant}"))) } else { Err(BadPhoneNumber) }
    }

    /// `+84912345678`: personal data.
    pub fn e164(&self) -> &str {
        &self.0
    }

    /// `0912345678`, as people say it: personal data.
    pub fn national(&self) -> String {
        format!("0{}", &self.0[3..])
    }

    /// Whether short messages reach it.
    pub fn is_mobile(&self) -> bool {
        !self.0.starts_with("+842")
    }

    /// The last four digits, the second factor of a public look-up.
    pub fn last_four(&self) -> &str {
        &self.0[self.0.len() - 4..]
    }

    /// `09****5678`.
    pub fn masked(&self) -> String {
        format!("0{}****{}", &self.0[3..4], self.last_four())
    }
}

impl fmt::Debug for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

impl fmt::Display for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

impl TryFrom<String> for PhoneNumber {
    type Error = BadPhoneNumber;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<PhoneNumber> for String {
    fn from(phone: PhoneNumber) -> Self {
        phone.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_number_has_one_form() {
        for text in [
            "0912345678",
            "0912 345 678",
            "0912.345.678",
            "+84912345678",
            "84 912 345 678",
            "(+84) 912-345-678",
            "0084912345678",
            "+84 (0)912 345 678",
        ] {
            assert_eq!(PhoneNumber::parse(text).unwrap().e164(), "+84912345678", "{text}");
        }
        let phone = PhoneNumber::parse("0912345678").unwrap();
        assert_eq!(phone.national(), "0912345678");
        assert_eq!(phone.last_four(), "5678");
        assert_eq!(format!("{phone:?}"), "09****5678");
        assert!(phone.is_mobile());
    }

    #[test]
    fn a_mobile_number_that_begins_like_the_country_code_is_itself() {
        assert_eq!(PhoneNumber::parse("0841234567").unwrap().e164(), "+84841234567");
        assert_eq!(PhoneNumber::parse("84841234567").unwrap().e164(), "+84841234567");
    }

    #[test]
    fn landlines_have_eleven_digits() {
        let desk = PhoneNumber::parse("0276 3822 233").unwrap();
        assert_eq!(desk.e164(), "+842763822233");
        assert!(!desk.is_mobile());
        assert!(PhoneNumber::parse("024 3804 3100").is_ok());
    }

    #[test]
    fn other_texts_are_refused() {
        for text in [
            "",
            "0",
            "091234567",
            "09123456789",
            "0123456789",
            "0612345678",
            "1900 1234",
            "9+12345678",
            "0912345678a",
            "+1 202 555 0100",
            "0276382223",
        ] {
            assert_eq!(PhoneNumber::parse(text), Err(BadPhoneNumber), "{text}");
        }
    }
}
