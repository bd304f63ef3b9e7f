//! Giá tin nhắn: what carrying messages costs, as the contracts with those who carry them say.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// The most that one piece may cost, in thousandths of a đồng: a million đồng.
const MOST: u32 = 1_000_000_000;

/// Of what a price is paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Per {
    /// Each message, as at Zalo.
    Message,
    /// Each part in which a short message goes.
    Segment,
}

/// An amount in thousandths of a đồng: contracts may have prices of less than a đồng. In settings
/// a text, `385.5`, so that it is exactly what the contract says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Thousandths(u32);

/// What a piece costs from a day on, until the next price begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Price {
    /// The first local day.
    pub from: NaiveDate,
    /// Of what.
    pub per: Per,
    /// How much.
    pub each: Thousandths,
}

/// All prices of one provider.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tariff(Vec<Price>);

impl Thousandths {
    /// So many.
    pub const fn get(self) -> u32 {
        self.0
    }

    fn read(text: &str) -> Option<Self> {
        let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
        let digits = |text: &str, most| {
            (1..=most).contains(&text.len()) && text.bytes().all(|octet| octet.is_ascii_digit())
        };
        if !digits(whole, 7) || !digits(part, 3) {
            return None;
        }
        let whole: u32 = whole.parse().ok()?;
        let part: u32 = format!("{part:0<3}").parse().ok()?;
        let all = whole.checked_mul(1_000)?.checked_add(part)?;
        (all <= MOST).then_some(Self(all))
    }
}

impl TryFrom<String> for Thousandths {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::read(&text).ok_or_else(|| {
            format!(
                "{text} is no price: write đồng with at most three decimals, \"385.5\", up to 1000000"
            )
        })
    }
}

impl From<Thousandths> for String {
    fn from(Thousandths(all): Thousandths) -> Self {
        format!("{}.{:03}", all / 1_000, all % 1_000)
    }
}

impl Price {
    /// What so many messages in so many parts cost, in thousandths of a đồng.
    pub fn of(self, messages: u64, segments: u64) -> u64 {
        let pieces = match self.per {
            Per::Message => messages,
            Per::Segment => segments,
        };
        pieces.saturating_mul(self.each.0.into())
    }
}

impl Tariff {
    /// These prices, in any order; of two from the same day one is kept.
    pub fn new(mut prices: Vec<Price>) -> Self {
        prices.sort_by_key(|price| price.from);
        Self(prices)
    }

    /// The price of a local day; none before the first began.
    pub fn on(&self, day: NaiveDate) -> Option<Price> {
        self.0.iter().rev().find(|price| price.from <= day).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn each(text: &str) -> Thousandths {
        Thousandths::read(text).unwrap()
    }

    #[test]
    fn an_amount_is_read_exactly_or_not_at_all() {
        for (text, thousandths) in
            [("0", 0), ("385", 385_000), ("385.5", 385_500), ("0.125", 125), ("1000000", MOST)]
        {
            assert_eq!(each(text).get(), thousandths, "{text}");
            assert_eq!(each(&String::from(each(text))), each(text));
        }
        for text in ["", ".5", "5.", "1.2345", "-1", "+1", "1e3", "385,5", "1000000.001", "9999999"]
        {
            assert_eq!(Thousandths::read(text), None, "{text}");
        }
    }

    #[test]
    fn a_price_holds_from_its_day_until_the_next() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let price = |from, per, text| Price { from: day(from), per, each: each(text) };
        let later = price("2026-07-01", Per::Message, "300");
        let first = price("2026-01-01", Per::Segment, "385.5");
        let tariff = Tariff::new(vec![later, first]);
        for (on, of) in [
            ("2025-12-31", None),
            ("2026-01-01", Some(first)),
            ("2026-06-30", Some(first)),
            ("2026-07-01", Some(later)),
        ] {
            assert_eq!(tariff.on(day(on)), of, "{on}");
        }
        assert_eq!((first.of(2, 5), later.of(2, 5)), (5 * 385_500, 600_000));
        assert_eq!(first.of(1, u64::MAX), u64::MAX);
        assert_eq!(Tariff::default().on(day("2026-01-01")), None);
    }
}
