//! Money: whole đồng.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::text::grouped;

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
    }
}
