use std::{
    hash::{DefaultHasher, Hash, Hasher},
    time::Duration,
};

use motcua_ids::Uuid;

/// How often what failed is tried again, and when. Then it waits for a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retries {
    /// Attempts after which a neighbour's absence is nobody's to wait for any more.
    pub attempts: i32,
    /// Attempts after which a defect of our own is.
    pub defects: i32,
    /// Before the second attempt; each further one waits twice as long.
    pub first: Duration,
    /// The longest delay.
    pub longest: Duration,
}

impl Default for Retries {
    /// About seven hours of a neighbour's absence, about three quarters of one of a defect.
    fn default() -> Self {
        Self {
            attempts: 100,
            defects: 20,
            first: Duration::from_millis(100),
            longest: Duration::from_mins(5),
        }
    }
}

impl Retries {
    /// How long to wait after so many failed attempts: doubling, and of each
    /// chore a little different, so that what failed together does not come back
    /// together.
    pub(crate) fn delay(&self, attempts: i32, chore: Uuid) -> Duration {
        let doublings = u32::try_from(attempts).unwrap_or_default().min(20);
        let full = self.first.saturating_mul(1 << doublings).min(self.longest);
        let mut hash = DefaultHasher::new();
        (chore, attempts).hash(&mut hash);
        // Three quarters to all of it.
        let of_1024 = u32::try_from(768 + hash.finish() % 257).unwrap_or(1024);
        full.saturating_mul(of_1024) / 1024
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_grow_differ_and_end() {
        let retries = Retries::default();
        let delay = |attempts, n| retries.delay(attempts, Uuid::from_u128(n));
        let mut all = Duration::ZERO;
        for attempts in 0..retries.attempts {
            let full = Duration::from_millis(100 << attempts.min(12)).min(retries.longest);
            let waited = delay(attempts, 7);
            assert!(waited <= full && waited >= full / 4 * 3, "{attempts}: {waited:?}");
            all += waited;
        }
        assert!(all > Duration::from_hours(5) && all < Duration::from_hours(8), "{all:?}");
        let together: std::collections::HashSet<_> = (0..100).map(|n| delay(6, n)).collect();
        assert!(together.len() > 50, "{}", together.len());
    }
}
