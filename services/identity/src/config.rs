//! `[identity]` of the configuration.

mod provider;

use std::collections::BTreeMap;

use chrono::TimeDelta;
use motcua_config::Section;
use serde::{Deserialize, Serialize};

pub(crate) use self::provider::safe;
pub use self::provider::{OidcProvider, SignedBy};
use crate::domain::{KeyTimes, SessionLimits, TryLimits};

/// How long things last, how hard passwords are hashed, how many guesses are borne.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct IdentityConfig {
    /// How long an access token lives, in seconds; at most 600.
    pub access_token_s: u32,
    /// How long a citizen's or an organisation's session lasts without use, in hours.
    pub person_idle_h: u32,
    /// How long it lasts altogether, in hours.
    pub person_longest_h: u32,
    /// How long an officer's session lasts without use, in hours.
    pub officer_idle_h: u32,
    /// How long it lasts altogether, in hours: a working day and its overtime.
    pub officer_longest_h: u32,
    /// How long the same refresh may be repeated by a caller who lost the answer, in seconds.
    pub refresh_repeat_s: u32,
    /// How long one key signs, in days.
    pub key_life_d: u32,
    /// How long a new key is published before it signs, in seconds: longer than verifiers keep keys.
    pub key_announce_s: u32,
    /// How passwords are hashed.
    pub hashing: Hashing,
    /// How many guesses are borne.
    pub guessing: Guessing,
    /// How long ended sessions are kept for the record, in days.
    pub keep_sessions_d: u32,
    /// Providers at which people sign in, by our names for them.
    pub oidc: BTreeMap<String, OidcProvider>,
}

/// Argon2id's cost, and how much of the machine it may take.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Hashing {
    /// Memory of one hash, in KiB.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub passes: u32,
    /// Hashes at the same time: each takes a core and its memory.
    pub at_once: u32,
    /// Callers that may wait for a place; the next is told that we are busy.
    pub waiting: u32,
}

/// Bounds on guessing. Tries for one login are counted in the database, those from one address in
/// the cache.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Guessing {
    /// Tries for one login without a right one before it is locked.
    pub tries_per_login: u32,
    /// Wrong tries from one address before it is locked; an office shares one.
    pub tries_per_address: u32,
    /// The time over which both are counted, in seconds.
    pub window_s: u32,
    /// How long a lock lasts, in seconds.
    pub lock_s: u32,
    /// Accounts opened from one address in an hour.
    pub registrations_per_address_h: u32,
}

impl Default for IdentityConfig {
    fn default() -> Self {
        Self {
            access_token_s: 600,
            person_idle_h: 14 * 24,
            person_longest_h: 60 * 24,
            officer_idle_h: 10,
            officer_longest_h: 14,
            refresh_repeat_s: 30,
            key_life_d: 30,
            key_announce_s: 300,
            hashing: Hashing::default(),
            guessing: Guessing::default(),
            keep_sessions_d: 90,
            oidc: BTreeMap::new(),
        }
    }
}

impl Default for Hashing {
    /// The second set of OWASP's equal choices.
    fn default() -> Self {
        Self { memory_kib: 19 * 1024, passes: 2, at_once: 2, waiting: 128 }
    }
}

impl Default for Guessing {
    fn default() -> Self {
        Self {
            tries_per_login: 8,
            tries_per_address: 100,
            window_s: 900,
            lock_s: 900,
            registrations_per_address_h: 300,
        }
    }
}

impl Section for IdentityConfig {
    fn validate(&self) -> Result<(), Vec<String>> {
        let rules = [
            ((60..=600).contains(&self.access_token_s), "access_token_s: must be 60 to 600"),
            (
                self.person_idle_h > 0 && self.person_idle_h <= self.person_longest_h,
                "person_idle_h: must be at least 1 and at most person_longest_h",
            ),
            (
                self.officer_idle_h > 0 && self.officer_idle_h <= self.officer_longest_h,
                "officer_idle_h: must be at least 1 and at most officer_longest_h",
            ),
            (self.refresh_repeat_s <= 60, "refresh_repeat_s: must be at most 60"),
            (self.key_life_d >= 1, "key_life_d: must be at least 1"),
            (
                (60..=86_400).contains(&self.key_announce_s),
                "key_announce_s: must be 60 to 86400, and longer than verifiers keep keys",
            ),
            (
                self.hashing.memory_kib >= 8 && self.hashing.passes >= 1,
                "hashing: memory_kib must be at least 8, passes at least 1",
            ),
            (self.hashing.at_once >= 1, "hashing.at_once: must be at least 1"),
            (
                self.guessing.tries_per_login >= 1
                    && self.guessing.tries_per_address >= 1
                    && self.guessing.registrations_per_address_h >= 1,
                "guessing: must allow at least one try",
            ),
            (
                self.guessing.window_s >= 1 && self.guessing.lock_s >= 1,
                "guessing: window_s and lock_s must be at least 1",
            ),
        ];
        let mut wrong: Vec<String> =
            rules.iter().filter(|(right, _)| !right).map(|(_, text)| (*text).to_owned()).collect();
        for (name, provider) in &self.oidc {
            wrong.extend(provider.wrong().into_iter().map(|text| format!("oidc.{name}.{text}")));
        }
        if wrong.is_empty() { Ok(()) } else { Err(wrong) }
    }
}

impl IdentityConfig {
    /// How long an access token lives.
    pub fn token_life(&self) -> TimeDelta {
        seconds(self.access_token_s)
    }

    /// Limits of a citizen's or an organisation's session.
    pub fn person_session(&self) -> SessionLimits {
        self.session(self.person_idle_h, self.person_longest_h)
    }

    /// Limits of an officer's session.
    pub fn officer_session(&self) -> SessionLimits {
        self.session(self.officer_idle_h, self.officer_longest_h)
    }

    /// When signing keys come and go.
    pub fn key_times(&self) -> KeyTimes {
        KeyTimes {
            life: TimeDelta::days(self.key_life_d.into()),
            announce: seconds(self.key_announce_s),
            token_life: self.token_life(),
        }
    }

    fn session(&self, idle_h: u32, longest_h: u32) -> SessionLimits {
        SessionLimits {
            idle: TimeDelta::hours(idle_h.into()),
            longest: TimeDelta::hours(longest_h.into()),
            repeat: seconds(self.refresh_repeat_s),
        }
    }
}

impl Guessing {
    /// The bounds of one login.
    pub fn per_login(&self) -> TryLimits {
        TryLimits {
            tries: self.tries_per_login,
            window: seconds(self.window_s),
            lock: seconds(self.lock_s),
        }
    }
}

fn seconds(n: u32) -> TimeDelta {
    TimeDelta::seconds(n.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_is_right_and_nonsense_is_told_all_at_once() {
        assert_eq!(IdentityConfig::default().validate(), Ok(()));
        let wrong = IdentityConfig { key_life_d: 0, access_token_s: 3600, ..Default::default() };
        assert_eq!(wrong.validate().unwrap_err().len(), 2);
    }
}
