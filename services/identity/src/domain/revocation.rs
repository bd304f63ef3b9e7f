use chrono::{DateTime, TimeDelta, Utc};
use motcua_ids::{AccountId, SessionId};

/// Access tokens that stopped counting before they expired.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Revocation {
    /// Which tokens.
    pub revoked: Revoked,
    /// Since when.
    pub at: DateTime<Utc>,
    /// From here on every such token has expired by itself.
    pub forget_at: DateTime<Utc>,
}

/// A session's tokens, or all of an account's until now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Revoked {
    /// Tokens whose `sid` is this.
    Session(SessionId),
    /// Tokens whose `sub` is this and whose `iat` is not after the revocation.
    Account(AccountId),
}

impl Revocation {
    /// How far verifiers' clocks may be apart from ours.
    pub const LEEWAY: TimeDelta = TimeDelta::seconds(60);

    /// Takes tokens back at `at`, where tokens live as long as `token_life`.
    pub fn new(revoked: Revoked, at: DateTime<Utc>, token_life: TimeDelta) -> Self {
        Self { revoked, at, forget_at: at + token_life + Self::LEEWAY }
    }
}
