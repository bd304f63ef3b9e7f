//! How much one person is told: a limit a day, and the same words once.

use chrono::{DateTime, TimeDelta, Utc};
use motcua_vn::local;

use super::{Class, ClassRule, Topic};

type Timestamp = DateTime<Utc>;

/// Limits that hold for all classes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Messages to one telephone in a day, by short message and Zalo together; none: no limit.
    pub telephone_a_day: Option<u32>,
    /// How long the same words are not said again.
    pub repeat: TimeDelta,
}

impl Limits {
    /// Since when the same words count as just said.
    pub fn lately(&self, now: Timestamp) -> Timestamp {
        now - self.repeat
    }

    /// Since when a day's messages are counted, where they are: by the local day.
    pub fn today(&self, rule: ClassRule, now: Timestamp) -> Option<Timestamp> {
        let limited = self.telephone_a_day.or(rule.telephone_a_day).is_some();
        limited.then(|| local::bounds(local::day(now)).0)
    }

    /// Whether a telephone that was told of these today has been told enough.
    pub fn is_reached(&self, class: Class, rule: ClassRule, told: &[Topic]) -> bool {
        let reached = |limit: Option<u32>, count: usize| {
            limit.is_some_and(|limit| usize::try_from(limit).is_ok_and(|limit| count >= limit))
        };
        // What somebody asked for has its own limit.
        let told = || told.iter().filter(|topic| !topic.is_answer());
        let of_class = told().filter(|topic| topic.class() == class).count();
        reached(self.telephone_a_day, told().count()) || reached(rule.telephone_a_day, of_class)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits = Limits { telephone_a_day: Some(3), repeat: TimeDelta::minutes(10) };
    const RULE: ClassRule = ClassRule {
        in_turn: false,
        expires: TimeDelta::hours(1),
        telephone_a_day: Some(2),
        quiet: true,
    };

    #[test]
    fn a_class_and_a_telephone_have_their_limits_a_day() {
        let (own, other) = (Topic::ResultReady, Topic::PaymentReceived);
        for (told, reached) in [
            (&[][..], false),
            (&[own, other][..], false),
            (&[own, own][..], true),
            (&[other, other, other][..], true),
            (&[Topic::InquiryAnswered; 9][..], false),
        ] {
            assert_eq!(LIMITS.is_reached(Class::Required, RULE, told), reached, "{told:?}");
        }
        let none = Limits { telephone_a_day: None, ..LIMITS };
        let unlimited = ClassRule { telephone_a_day: None, ..RULE };
        assert!(!none.is_reached(Class::Required, unlimited, &[own; 100]));
    }

    #[test]
    fn only_what_is_limited_is_counted_and_by_the_local_day() {
        // A quarter past midnight in Viet Nam.
        let now = "2026-11-27T17:15:00Z".parse().unwrap();
        let midnight = "2026-11-27T17:00:00Z".parse().unwrap();
        assert_eq!(LIMITS.today(RULE, now), Some(midnight));
        let none = Limits { telephone_a_day: None, ..LIMITS };
        let unlimited = ClassRule { telephone_a_day: None, ..RULE };
        assert_eq!(none.today(RULE, now), Some(midnight));
        assert_eq!(none.today(unlimited, now), None);
    }
}
