//! Small values that are right by construction.

use std::fmt;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use super::Malformed;

/// The name of a person or an organisation, spaces tidied, letters composed (NFC).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Name(String);

impl Name {
    /// A name of 2 to `longest` characters: letters of any script, digits, spaces and the
    /// punctuation that registered names have.
    pub fn new(text: &str, longest: usize) -> Result<Self, Malformed> {
        let tidy: String = text.split_whitespace().collect::<Vec<_>>().join(" ").nfc().collect();
        let fits = (2..=longest).contains(&tidy.chars().count());
        let plain = |c: char| c.is_alphanumeric() || " .,'’-–&()/\"+:;".contains(c);
        if fits && tidy.chars().all(plain) && tidy.chars().any(char::is_alphabetic) {
            Ok(Self(tidy))
        } else {
            Err(Malformed::Name(longest))
        }
    }

    /// As written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A tax code (mã số thuế), which since 2015 is also the enterprise code: `0301452948`, with
/// `-001` for a branch.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TaxCode(String);

impl TaxCode {
    const WEIGHTS: [u32; 9] = [31, 29, 23, 19, 17, 13, 7, 5, 3];

    /// Reads a code and checks its tenth digit.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let text = text.trim();
        let (base, branch) = text.split_once('-').map_or((text, None), |(b, n)| (b, Some(n)));
        let digits: Option<Vec<u32>> = base.chars().map(|c| c.to_digit(10)).collect();
        let digits = digits.filter(|d| d.len() == 10).ok_or(Malformed::TaxCode)?;
        let branch_ok =
            branch.is_none_or(|b| b.len() == 3 && b.bytes().all(|c| c.is_ascii_digit()));
        let sum: u32 = digits.iter().zip(Self::WEIGHTS).map(|(digit, weight)| digit * weight).sum();
        if branch_ok && 10 - sum % 11 == digits[9] {
            Ok(Self(text.to_owned()))
        } else {
            Err(Malformed::TaxCode)
        }
    }

    /// As written on the certificate.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What an officer or a system signs in with: `nv.an`, `lgsp-tayninh`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Handle(String);

impl Handle {
    /// An officer's username, in lower case.
    pub fn username(text: &str) -> Result<Self, Malformed> {
        Self::read(text).ok_or(Malformed::Username)
    }

    /// A system's client id, in lower case.
    pub fn client_id(text: &str) -> Result<Self, Malformed> {
        Self::read(text).ok_or(Malformed::ClientId)
    }

    fn read(text: &str) -> Option<Self> {
        let text = text.trim().to_lowercase();
        let letters = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "._-".contains(c);
        let right = (3..=40).contains(&text.len())
            && text.starts_with(|c: char| c.is_ascii_lowercase())
            && text.chars().all(letters);
        right.then_some(Self(text))
    }

    /// In lower case.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What another system may do, a word of the contracts' access rules: `connector.sync`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Scope(String);

impl Scope {
    /// Reads `word.word`, each of `a-z`, digits and `_`.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let word = |w: &str| {
            w.starts_with(|c: char| c.is_ascii_lowercase())
                && w.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        };
        let right = text.len() <= 80 && text.contains('.') && text.split('.').all(word);
        if right { Ok(Self(text.to_owned())) } else { Err(Malformed::Scope(text.to_owned())) }
    }

    /// As in the contract.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

// Personal values do not print themselves into a log by accident.
macro_rules! hidden {
    ($($name:ident),+) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    )+};
}
hidden!(TaxCode, Handle);

#[cfg(test)]
mod tests;
