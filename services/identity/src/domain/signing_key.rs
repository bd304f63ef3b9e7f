use chrono::{DateTime, TimeDelta, Utc};

use super::Revocation;

/// When keys begin, sign, and are forgotten.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyTimes {
    /// How long one key signs.
    pub life: TimeDelta,
    /// How long a new key is published before it signs, so that every verifier has it.
    pub announce: TimeDelta,
    /// How long a token lives.
    pub token_life: TimeDelta,
}

/// The public half of a key that signs access tokens. The private half is sealed in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SigningKey {
    /// The key's thumbprint (RFC 7638).
    pub kid: String,
    /// One for the first key, one more for each successor: no two are made at once.
    pub generation: i64,
    /// Ed25519.
    pub public: [u8; 32],
    /// When it begins to sign.
    pub sign_from: DateTime<Utc>,
    /// When its successor takes over; absent while there is none.
    pub retire_at: Option<DateTime<Utc>>,
}

impl SigningKey {
    /// A deployment's first key signs at once: nobody waits for it.
    pub fn first(kid: String, public: [u8; 32], now: DateTime<Utc>) -> Self {
        Self { kid, generation: 1, public, sign_from: now, retire_at: None }
    }

    /// Names the successor, which signs after it was announced. None if there is one already.
    pub fn succeed(
        &mut self,
        kid: String,
        public: [u8; 32],
        now: DateTime<Utc>,
        times: &KeyTimes,
    ) -> Option<Self> {
        if self.retire_at.is_some() {
            return None;
        }
        let sign_from = now + times.announce;
        self.retire_at = Some(sign_from);
        Some(Self { kid, generation: self.generation + 1, public, sign_from, retire_at: None })
    }

    /// Whether tokens are signed with it at `now`.
    pub fn signs(&self, now: DateTime<Utc>) -> bool {
        self.sign_from <= now && self.retire_at.is_none_or(|retire_at| now < retire_at)
    }

    /// When its successor has to be made, so that this one signs no longer than its life.
    pub fn rotate_at(&self, times: &KeyTimes) -> DateTime<Utc> {
        self.sign_from + times.life - times.announce
    }

    /// When the last token that it signed has expired; unknown while it has no successor.
    pub fn verify_until(&self, times: &KeyTimes) -> Option<DateTime<Utc>> {
        Some(self.retire_at? + times.token_life + Revocation::LEEWAY)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TIMES: KeyTimes = KeyTimes {
        life: TimeDelta::days(30),
        announce: TimeDelta::minutes(5),
        token_life: TimeDelta::minutes(10),
    };

    fn minute(n: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::minutes(n)
    }

    #[test]
    fn exactly_one_key_signs_at_any_instant_of_a_rotation() {
        let mut old = SigningKey::first("a".into(), [1; 32], minute(0));
        let new = old.succeed("b".into(), [2; 32], minute(100), &TIMES).unwrap();
        for at in 0..200 {
            let signers = [&old, &new].into_iter().filter(|key| key.signs(minute(at))).count();
            assert_eq!(signers, 1, "at minute {at}");
        }
        assert_eq!(new.generation, 2);
        assert!(new.signs(minute(105)) && old.signs(minute(104)));
    }

    #[test]
    fn an_old_key_verifies_until_its_last_token_has_expired() {
        let mut old = SigningKey::first("a".into(), [1; 32], minute(0));
        assert_eq!(old.verify_until(&TIMES), None);
        old.succeed("b".into(), [2; 32], minute(100), &TIMES).unwrap();
        assert_eq!(old.verify_until(&TIMES), Some(minute(116)));
    }

    #[test]
    fn a_key_has_one_successor() {
        let mut old = SigningKey::first("a".into(), [1; 32], minute(0));
        assert!(old.succeed("b".into(), [2; 32], minute(1), &TIMES).is_some());
        assert!(old.succeed("c".into(), [3; 32], minute(2), &TIMES).is_none());
    }

    #[test]
    fn a_key_that_is_rotated_when_due_signs_for_its_life() {
        let mut key = SigningKey::first("a".into(), [1; 32], minute(0));
        let due = key.rotate_at(&TIMES);
        key.succeed("b".into(), [2; 32], due, &TIMES).unwrap();
        assert_eq!(key.retire_at, Some(minute(0) + TIMES.life));
    }
}
