//! Mã hồ sơ: the code people know a dossier by.
//!
//! `{agency identifier}-{reception day}-{order within the day}`. Two formats
//! live side by side: leaf first with filled levels (`000.00.01.H15-200825-0001`,
//! Thông tư 01/2018/TT-VPCP) and root first (`H15.50.05.13-261008-0975`, Quyết
//! định 20/2020/QĐ-TTg). Ministries write eight digits of the day and up to
//! seven of the order. A code that was given out elsewhere is kept verbatim.

use std::{fmt, str::FromStr};

use chrono::{Datelike, NaiveDate};
use motcua_fault::{Kind, Refusal};
use serde::{Deserialize, Serialize};

/// A code in one of the live formats.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DossierCode(String);

/// Mã định danh: an agency's identifier, `H53.12.05` or `000.12.05.H53`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AgencyIdentifier(String);

/// How codes are minted: `{identifier}-{yyMMdd}-{n:0>4}`. The order grows past its width.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct MintPattern {
    identifier: Levels,
    long_day: bool,
    width: u8,
}

/// The order in which an identifier's levels are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Levels {
    /// As the catalog has it.
    AsGiven,
    /// `H53.12.05`.
    RootFirst,
    /// `000.05.12.H53`.
    LeafFirst,
}

/// Why a text is no code, identifier or pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadCode {
    /// Not one of the live formats of a code.
    #[error("Mã hồ sơ không đúng định dạng, ví dụ đúng: H53.12.05-261121-0001.")]
    Code,
    /// Not one of the live formats of an identifier.
    #[error("Mã định danh cơ quan không đúng định dạng, ví dụ đúng: H53.12.05.")]
    Identifier,
    /// Not a pattern codes can be minted by.
    #[error("Mẫu mã hồ sơ không đúng, ví dụ đúng: {{identifier}}-{{yyMMdd}}-{{n:0>4}}.")]
    Pattern,
}

impl Refusal for BadCode {
    fn kind(&self) -> Kind {
        Kind::InvalidArgument
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::Code => "DOSSIER_CODE_INVALID",
            Self::Identifier => "AGENCY_IDENTIFIER_INVALID",
            Self::Pattern => "CODE_PATTERN_INVALID",
        }
    }
}

impl DossierCode {
    /// Reads a code as people type it; letters are made capitals.
    pub fn parse(text: &str) -> Result<Self, BadCode> {
        let text = text.trim().to_ascii_uppercase();
        let parts: Vec<_> = text.split('-').collect();
        let [identifier, day, order] = parts[..] else { return Err(BadCode::Code) };
        let good = AgencyIdentifier::parse(identifier).is_ok()
            && digits(day)
            && matches!(day.len(), 6 | 8)
            && digits(order)
            && (4..=7).contains(&order.len());
        if good { Ok(Self(text)) } else { Err(BadCode::Code) }
    }

    /// The code as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The identifier of the agency it was minted for.
    pub fn identifier(&self) -> AgencyIdentifier {
        AgencyIdentifier(self.0.split('-').next().unwrap_or_default().to_owned())
    }

    /// The day it was minted on; none where the digits are no day.
    pub fn day(&self) -> Option<NaiveDate> {
        let day = self.0.split('-').nth(1)?;
        let (year, rest) = if day.len() == 8 {
            (day[..4].parse().ok()?, &day[4..])
        } else {
            (2000 + day[..2].parse::<i32>().ok()?, &day[2..])
        };
        NaiveDate::from_ymd_opt(year, rest[..2].parse().ok()?, rest[2..].parse().ok()?)
    }

    /// The order within the day.
    pub fn order(&self) -> u32 {
        self.0.rsplit('-').next().and_then(|n| n.parse().ok()).unwrap_or_default()
    }
}

impl AgencyIdentifier {
    /// Reads an identifier in either order of levels.
    pub fn parse(text: &str) -> Result<Self, BadCode> {
        let text = text.trim().to_ascii_uppercase();
        let parts: Vec<_> = text.split('.').collect();
        let root =
            |part: &str| part.len() == 3 && part.starts_with(['G', 'H']) && digits(&part[1..]);
        let level = |part: &&str| matches!(part.len(), 2 | 3) && digits(part);
        let good = match parts[..] {
            [first, ref rest @ ..] if root(first) => rest.len() <= 3 && rest.iter().all(level),
            [four, three, two, last] => {
                root(last)
                    && [(four, 3), (three, 2), (two, 2)]
                        .iter()
                        .all(|(p, n)| p.len() == *n && digits(p))
            }
            _ => false,
        };
        if good { Ok(Self(text)) } else { Err(BadCode::Identifier) }
    }

    /// The identifier as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The identifier with its root first: `H53.12.05`.
    #[must_use]
    pub fn root_first(&self) -> Self {
        let parts: Vec<_> = self.0.split('.').collect();
        if self.0.starts_with(['G', 'H']) {
            return self.clone();
        }
        let mut levels: Vec<_> = parts.iter().rev().copied().collect();
        while levels.last().is_some_and(|level| level.bytes().all(|b| b == b'0')) {
            levels.pop();
        }
        Self(levels.join("."))
    }

    /// The identifier with its leaf first and all four levels: `000.05.12.H53`.
    #[must_use]
    pub fn leaf_first(&self) -> Self {
        if !self.0.starts_with(['G', 'H']) {
            return self.clone();
        }
        let mut levels = self.0.split('.');
        let root = levels.next().unwrap_or_default();
        let mut next = || levels.next().unwrap_or("0");
        let (two, three, four) = (next(), next(), next());
        Self(format!("{four:0>3}.{three:0>2}.{two:0>2}.{root}"))
    }
}

impl MintPattern {
    /// The code of the `n`-th dossier an agency received on a local day.
    pub fn mint(self, agency: &AgencyIdentifier, day: NaiveDate, n: u32) -> DossierCode {
        let agency = match self.identifier {
            Levels::AsGiven => agency.clone(),
            Levels::RootFirst => agency.root_first(),
            Levels::LeafFirst => agency.leaf_first(),
        };
        let (year, month, date) = (day.year(), day.month(), day.day());
        let year = if self.long_day {
            format!("{year:04}")
        } else {
            format!("{:02}", year.rem_euclid(100))
        };
        let width = usize::from(self.width);
        DossierCode(format!("{}-{year}{month:02}{date:02}-{n:0>width$}", agency.as_str()))
    }
}

impl Default for MintPattern {
    fn default() -> Self {
        Self { identifier: Levels::AsGiven, long_day: false, width: 4 }
    }
}

impl FromStr for MintPattern {
    type Err = BadCode;

    fn from_str(text: &str) -> Result<Self, BadCode> {
        let parts: Vec<_> = text.split('-').collect();
        let [identifier, day, order] = parts[..] else { return Err(BadCode::Pattern) };
        let identifier = match identifier {
            "{identifier}" => Levels::AsGiven,
            "{identifier:root_first}" => Levels::RootFirst,
            "{identifier:leaf_first}" => Levels::LeafFirst,
            _ => return Err(BadCode::Pattern),
        };
        let long_day = match day {
            "{yyMMdd}" => false,
            "{yyyyMMdd}" => true,
            _ => return Err(BadCode::Pattern),
        };
        let width = order.strip_prefix("{n:0>").and_then(|rest| rest.strip_suffix('}'));
        let width = width.and_then(|n| n.parse().ok()).filter(|n| (4..=7).contains(n));
        Ok(Self { identifier, long_day, width: width.ok_or(BadCode::Pattern)? })
    }
}

impl fmt::Display for MintPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let identifier = match self.identifier {
            Levels::AsGiven => "{identifier}",
            Levels::RootFirst => "{identifier:root_first}",
            Levels::LeafFirst => "{identifier:leaf_first}",
        };
        let day = if self.long_day { "{yyyyMMdd}" } else { "{yyMMdd}" };
        write!(f, "{identifier}-{day}-{{n:0>{}}}", self.width)
    }
}

fn digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

macro_rules! as_text {
    ($($name:ident: $parse:path, $show:expr;)+) => {$(
        impl TryFrom<String> for $name {
            type Error = BadCode;

            fn try_from(text: String) -> Result<Self, BadCode> {
                $parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self {
                let show: fn($name) -> Self = $show;
                show(value)
            }
        }
    )+};
}

as_text! {
    DossierCode: DossierCode::parse, |code| code.0;
    AgencyIdentifier: AgencyIdentifier::parse, |identifier| identifier.0;
    MintPattern: MintPattern::from_str, |pattern| pattern.to_string();
}

impl fmt::Display for DossierCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for AgencyIdentifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests;
