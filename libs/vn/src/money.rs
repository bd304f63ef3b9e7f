//! Money: whole đồng.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{number_words::in_words, text::grouped};

/// An amount of Vietnamese đồng; the đồng has no fraction.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Vnd(i64);

impl Vnd {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// So many đồng.
    pub const fn new(dong: i64) -> Self {
        Self(dong)
    }

    /// The amount in đồng.
    pub const fn dong(self) -> i64 {
        self.0
    }

    /// As it is read aloud, for papers: `Hai mươi nghìn đồng`.
    pub fn in_words(self) -> String {
        let words = in_words(self.0.unsigned_abs());
        let less = if self.0 < 0 { "âm " } else { "" };
        let text = format!("{less}{words} đồng");
        let mut letters = text.chars();
        letters
            .next()
            .map(|first| first.to_uppercase().chain(letters).collect())
            .unwrap_or_default()
    }

    /// The sum; none where it cannot be held.
    pub const fn plus(self, other: Self) -> Option<Self> {
        match self.0.checked_add(other.0) {
            Some(sum) => Some(Self(sum)),
            None => None,
        }
    }

    /// So many times the amount; none where it cannot be held.
    pub const fn times(self, count: i64) -> Option<Self> {
        match self.0.checked_mul(count) {
            Some(product) => Some(Self(product)),
            None => None,
        }
    }

    /// The sum of all; none where it cannot be held.
    pub fn sum(amounts: impl IntoIterator<Item = Self>) -> Option<Self> {
        amounts.into_iter().try_fold(Self::ZERO, Self::plus)
    }
}

/// `20.000 đồng`.
impl fmt::Display for Vnd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} đồng", grouped(self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_add_up_or_say_no() {
        assert_eq!(Vnd::sum([Vnd::new(8_000), Vnd::new(12_000)]), Some(Vnd::new(20_000)));
        assert_eq!(Vnd::new(2_000).times(3), Some(Vnd::new(6_000)));
        assert_eq!(Vnd::new(i64::MAX).plus(Vnd::new(1)), None);
        assert_eq!(Vnd::new(20_000).to_string(), "20.000 đồng");
        assert_eq!(Vnd::new(20_000).in_words(), "Hai mươi nghìn đồng");
        assert_eq!(Vnd::new(-5).in_words(), "Âm năm đồng");
    }
}
