//! E-mail addresses.

use std::fmt;

use motcua_fault::{Kind, Refusal};
use serde::{Deserialize, Serialize};

/// An address a message can be sent to; the domain is in lower case. Its
/// `Debug` and `Display` are masked.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EmailAddress(String);

/// A text that is no e-mail address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("Địa chỉ thư điện tử không hợp lệ, ví dụ đúng: ten@example.vn.")]
pub struct BadEmailAddress;

impl Refusal for BadEmailAddress {
    fn kind(&self) -> Kind {
        Kind::InvalidArgument
    }

    fn reason(&self) -> &'static str {
        "EMAIL_INVALID"
    }
}

impl EmailAddress {
    /// Reads an address of the unquoted, ASCII kind that mail systems of the
    /// administration accept.
    pub fn parse(text: &str) -> Result<Self, BadEmailAddress> {
        let text = text.trim();
        let (local, domain) = text.rsplit_once('@').ok_or(BadEmailAddress)?;
        let atom = |part: &str| {
            !part.is_empty()
                && part
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&b))
        };
        let label = |part: &str| {
            (1..=63).contains(&part.len())
                && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
                && !part.starts_with('-')
                && !part.ends_with('-')
        };
        let labels: Vec<_> = domain.split('.').collect();
        let top =
            labels.last().is_some_and(|l| l.len() >= 2 && !l.bytes().all(|b| b.is_ascii_digit()));
        let good = text.len() <= 254
            && local.len() <= 64
            && local.split('.').all(atom)
            && labels.len() >= 2
            && labels.iter().all(|l| label(l))
            && top;
        if good {
            Ok(Self(format!("{local}@{}", domain.to_ascii_lowercase())))
        } else {
            Err(BadEmailAddress)
        }
    }

    /// The address: personal data.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// The form in which two spellings of one mailbox are equal: all in lower case.
    pub fn key(&self) -> String {
        self.0.to_ascii_lowercase()
    }

    /// `n***@example.vn`.
    pub fn masked(&self) -> String {
        let (local, domain) = self.0.split_once('@').unwrap_or_default();
        format!("{}***@{domain}", &local[..1.min(local.len())])
    }
}

impl fmt::Debug for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

impl TryFrom<String> for EmailAddress {
    type Error = BadEmailAddress;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<EmailAddress> for String {
    fn from(address: EmailAddress) -> Self {
        address.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_kept_and_masked() {
        let address = EmailAddress::parse(" Nam.Tran+hs@Example.VN ").unwrap();
        assert_eq!(address.reveal(), "Nam.Tran+hs@example.vn");
        assert_eq!(address.key(), "nam.tran+hs@example.vn");
        assert_eq!(format!("{address:?}"), "N***@example.vn");
    }

    #[test]
    fn other_texts_are_refused() {
        for text in [
            "",
            "a",
            "a@",
            "@b.vn",
            "a@b",
            "a b@c.vn",
            "a..b@c.vn",
            ".a@c.vn",
            "a@-c.vn",
            "a@c-.vn",
            "a@c..vn",
            "a@1.2",
            "a@b@c.vn",
            "nguyễn@c.vn",
            "a@c.v",
        ] {
            assert_eq!(EmailAddress::parse(text), Err(BadEmailAddress), "{text}");
        }
        let long = format!("{}@example.vn", "a".repeat(65));
        assert_eq!(EmailAddress::parse(&long), Err(BadEmailAddress));
    }
}
