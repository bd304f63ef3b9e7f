use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::NotTaken;

/// A sign-in that was begun and waits for the provider's answer. It travels sealed, as the ticket of
/// whoever began it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    /// At which provider of the configuration.
    pub provider: String,
    /// Where the provider sends the person back to.
    pub redirect_uri: String,
    /// Comes back beside the code: it ties the answer to this sign-in.
    pub state: String,
    /// Comes back within the ID token: it ties the token to this sign-in.
    pub nonce: String,
    /// Proves to the provider that whoever redeems the code is who asked for it (PKCE, RFC 7636).
    pub verifier: String,
    /// From here on it is good for nothing.
    pub expires_at: DateTime<Utc>,
}

impl Pending {
    /// How long a person may take at the provider.
    pub const LIFE: TimeDelta = TimeDelta::minutes(10);

    /// Refuses an answer that comes late, or belongs to another sign-in.
    pub fn require(&self, state: &str, now: DateTime<Utc>) -> Result<(), NotTaken> {
        if now >= self.expires_at {
            return Err(NotTaken::Expired);
        }
        if state != self.state {
            return Err(NotTaken::StateWrong);
        }
        Ok(())
    }
}

impl fmt::Debug for Pending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pending").field("provider", &self.provider).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_taken_in_time_and_for_its_own_sign_in() {
        let now = DateTime::UNIX_EPOCH;
        let pending = Pending {
            provider: "vneid".into(),
            redirect_uri: String::new(),
            state: "s".into(),
            nonce: String::new(),
            verifier: String::new(),
            expires_at: now + Pending::LIFE,
        };
        let late = now + Pending::LIFE;
        assert_eq!(pending.require("s", now), Ok(()));
        assert_eq!(pending.require("s", late), Err(NotTaken::Expired));
        assert_eq!(pending.require("t", now), Err(NotTaken::StateWrong));
        assert_eq!(pending.require("", now), Err(NotTaken::StateWrong));
    }
}
