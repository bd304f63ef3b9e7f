//! What we are known by at Zalo: an access token of a day, and a refresh token that is good once.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

type Timestamp = DateTime<Utc>;

/// How long before its end an access token is no longer used.
const MARGIN: TimeDelta = TimeDelta::minutes(5);
/// How long at least one is used: what is refused at once would be refused again.
const LEAST: TimeDelta = TimeDelta::minutes(1);

/// The tokens in force. They are secrets: neither printed nor logged.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pass {
    /// What a message is sent with; empty before the first renewal.
    pub access: String,
    /// With which the next is asked for, once.
    pub refresh: String,
    /// Until when the access token is good.
    pub good_until: Timestamp,
    /// When it was asked for.
    pub renewed_at: Timestamp,
    /// The marks of the refresh tokens that the settings ever gave: each begins once.
    pub given: Vec<String>,
}

/// What Zalo gives for a refresh token.
#[derive(Clone, PartialEq, Eq)]
pub struct Renewed {
    /// What messages are sent with.
    pub access: String,
    /// What comes after.
    pub refresh: String,
    /// How long the access token is good.
    pub good_for: TimeDelta,
}

impl Pass {
    /// Before anything was asked for.
    pub const fn none() -> Self {
        Self {
            access: String::new(),
            refresh: String::new(),
            good_until: Timestamp::UNIX_EPOCH,
            renewed_at: Timestamp::UNIX_EPOCH,
            given: Vec::new(),
        }
    }

    /// Begins with the refresh token of the settings, unless it did before: an older process
    /// must not take a token back that was used up since.
    #[must_use]
    pub fn begun(mut self, refresh: &str, mark: &str) -> Self {
        if !self.given.iter().any(|given| given == mark) {
            self.given.push(mark.to_owned());
            refresh.clone_into(&mut self.refresh);
            self.good_until = Timestamp::UNIX_EPOCH;
            self.renewed_at = Timestamp::UNIX_EPOCH;
        }
        self
    }

    /// Whether messages may be sent with it, of which Zalo perhaps refused an access token.
    pub fn is_good(&self, now: Timestamp, refused: Option<&str>) -> bool {
        now + MARGIN < self.good_until && refused != Some(&*self.access)
    }

    /// Whether another may be asked for.
    pub fn may_renew(&self, now: Timestamp) -> bool {
        now >= self.renewed_at + LEAST
    }

    /// With what was given for its refresh token.
    #[must_use]
    pub fn renewed(self, now: Timestamp, with: Renewed) -> Self {
        let Renewed { access, refresh, good_for } = with;
        Self { access, refresh, good_until: now + good_for, renewed_at: now, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> Timestamp {
        "2026-11-28T08:00:00Z".parse::<Timestamp>().unwrap() + TimeDelta::minutes(minute)
    }

    fn renewed() -> Pass {
        let with =
            Renewed { access: "a".into(), refresh: "r2".into(), good_for: TimeDelta::hours(25) };
        Pass::none().begun("r1", "m1").renewed(at(0), with)
    }

    #[test]
    fn a_pass_is_good_until_shortly_before_its_end() {
        assert!(!Pass::none().begun("r1", "m1").is_good(at(0), None));
        let pass = renewed();
        assert!(pass.is_good(at(25 * 60 - 6), None) && !pass.is_good(at(25 * 60 - 5), None));
        assert!(!pass.is_good(at(0), Some("a")) && pass.is_good(at(0), Some("former")));
        assert!(!pass.may_renew(at(0)) && pass.may_renew(at(1)));
    }

    #[test]
    fn a_token_of_the_settings_begins_once() {
        let pass = renewed();
        assert_eq!(pass.clone().begun("r1", "m1").refresh, "r2");
        let anew = pass.begun("r9", "m9");
        assert!(anew.refresh == "r9" && !anew.is_good(at(0), None) && anew.may_renew(at(0)));
        assert_eq!(anew.begun("r1", "m1").refresh, "r9");
    }
}
