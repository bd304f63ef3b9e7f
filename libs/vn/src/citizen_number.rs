//! Số định danh cá nhân: the twelve digits every citizen has.
//!
//! Three digits for the place of birth registration (a province, or a country
//! from 101 up), one for century and sex, two for the year of birth, six at
//! random (Nghị định 137/2015/NĐ-CP, Điều 13).

use std::fmt;

use motcua_fault::{Kind, Refusal};
use serde::{Deserialize, Serialize};

/// A number of the right shape. Its `Debug` and `Display` are masked: the whole
/// number leaves only through [`CitizenNumber::reveal`].
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CitizenNumber(String);

/// The sex the number tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sex {
    /// Nam.
    Male,
    /// Nữ.
    Female,
}

/// Why a text is no citizen number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadCitizenNumber {
    /// Not twelve digits.
    #[error("Số định danh cá nhân phải gồm đúng 12 chữ số.")]
    NotTwelveDigits,
    /// The first three digits are neither a province nor a country.
    #[error("Ba chữ số đầu của số định danh không phải mã tỉnh, thành phố hoặc quốc gia.")]
    UnknownPlace,
}

impl Refusal for BadCitizenNumber {
    fn kind(&self) -> Kind {
        Kind::InvalidArgument
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::NotTwelveDigits => "CITIZEN_NUMBER_NOT_TWELVE_DIGITS",
            Self::UnknownPlace => "CITIZEN_NUMBER_UNKNOWN_PLACE",
        }
    }
}

/// The provinces' codes in numbers; those merged since keep theirs on numbers given out.
const PROVINCES: [u16; 63] = [
    1, 2, 4, 6, 8, 10, 11, 12, 14, 15, 17, 19, 20, 22, 24, 25, 26, 27, 30, 31, 33, 34, 35, 36, 37,
    38, 40, 42, 44, 45, 46, 48, 49, 51, 52, 54, 56, 58, 60, 62, 64, 66, 67, 68, 70, 72, 74, 75, 77,
    79, 80, 82, 83, 84, 86, 87, 89, 91, 92, 93, 94, 95, 96,
];
const FIRST_COUNTRY: u16 = 101;

impl CitizenNumber {
    /// Reads a number; spaces and dots people write between digits are dropped.
    pub fn parse(text: &str) -> Result<Self, BadCitizenNumber> {
        let digits: String =
            text.chars().filter(|c| !c.is_whitespace() && *c != '.' && *c != '-').collect();
        if digits.len() != 12 || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(BadCitizenNumber::NotTwelveDigits);
        }
        let number = Self(digits);
        let place = number.place();
        if place < FIRST_COUNTRY && PROVINCES.binary_search(&place).is_err() {
            return Err(BadCitizenNumber::UnknownPlace);
        }
        Ok(number)
    }

    /// The whole number: personal data.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// The last four digits, the second factor of a public look-up.
    pub fn last_four(&self) -> &str {
        &self.0[8..]
    }

    /// The code of the place where the birth was registered.
    pub fn place(&self) -> u16 {
        self.digits(0..3)
    }

    /// The sex the number tells.
    pub fn sex(&self) -> Sex {
        if self.digits(3..4).is_multiple_of(2) { Sex::Male } else { Sex::Female }
    }

    /// The year of birth the number tells.
    pub fn birth_year(&self) -> u16 {
        1900 + self.digits(3..4) / 2 * 100 + self.digits(4..6)
    }

    /// `079*****1234`.
    pub fn masked(&self) -> String {
        format!("{}*****{}", &self.0[..3], self.last_four())
    }

    fn digits(&self, range: std::ops::Range<usize>) -> u16 {
        self.0[range].bytes().fold(0, |n, b| n * 10 + u16::from(b - b'0'))
    }
}

impl fmt::Debug for CitizenNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

impl fmt::Display for CitizenNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

impl TryFrom<String> for CitizenNumber {
    type Error = BadCitizenNumber;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<CitizenNumber> for String {
    fn from(number: CitizenNumber) -> Self {
        number.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_tells_place_sex_and_year() {
        let number = CitizenNumber::parse("072 190 000123").unwrap();
        assert_eq!(number.place(), 72);
        assert_eq!(number.sex(), Sex::Female);
        assert_eq!(number.birth_year(), 1990);
        assert_eq!(number.last_four(), "0123");
        let child = CitizenNumber::parse("072225000456").unwrap();
        assert_eq!((child.sex(), child.birth_year()), (Sex::Male, 2025));
    }

    #[test]
    fn it_is_masked_unless_revealed() {
        let number = CitizenNumber::parse("079090001234").unwrap();
        assert_eq!(format!("{number:?} {number}"), "079*****1234 079*****1234");
        assert_eq!(number.reveal(), "079090001234");
    }

    #[test]
    fn other_texts_are_refused_by_name() {
        for text in ["", "07909000123", "0790900012345", "07909000123a", "٠٧٩٠٩٠٠٠١٢٣٤"]
        {
            assert_eq!(
                CitizenNumber::parse(text),
                Err(BadCitizenNumber::NotTwelveDigits),
                "{text}"
            );
        }
        for text in ["000090001234", "003090001234", "097090001234", "100090001234"] {
            assert_eq!(CitizenNumber::parse(text), Err(BadCitizenNumber::UnknownPlace), "{text}");
        }
        assert!(CitizenNumber::parse("123090001234").is_ok());
    }
}
