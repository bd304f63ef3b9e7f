use chrono::{DateTime, TimeDelta, Utc};
use motcua_ids::{AccountId, SessionId};

use super::Refusal;

/// How long a session lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionLimits {
    /// Without any use.
    pub idle: TimeDelta,
    /// Altogether.
    pub longest: TimeDelta,
    /// How long a spent token may be shown again by the caller who lost the answer.
    pub repeat: TimeDelta,
}

/// One signed-in device (phiên đăng nhập): a chain of refresh tokens, each good once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    id: SessionId,
    account: AccountId,
    started_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    ended: Option<(DateTime<Utc>, End)>,
}

/// Why a session ended before it expired.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The holder said so.
    SignedOut,
    /// A spent token was shown again: two hold the chain, and one of them is a thief.
    TokenReused,
    /// The password was replaced or reset.
    PasswordChanged,
    /// The account was barred.
    AccountDisabled,
    /// A provider has proved whose the account is.
    Claimed,
}

/// One link of the chain. Only the hash is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefreshToken {
    /// SHA-256 of the token.
    pub hash: [u8; 32],
    /// The session it continues.
    pub session: SessionId,
    /// When it was given out.
    pub issued_at: DateTime<Utc>,
    /// When it was exchanged for the next.
    pub spent_at: Option<DateTime<Utc>>,
}

/// What a shown token turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presented {
    /// The chain's end: exchange it.
    Current,
    /// Spent moments ago: right only if the same request is repeated.
    JustSpent,
    /// Spent before: stolen, here or there.
    Reused,
}

impl Session {
    /// Opens a session with its first token.
    pub fn open(
        id: SessionId,
        account: AccountId,
        first: [u8; 32],
        now: DateTime<Utc>,
        limits: &SessionLimits,
    ) -> (Self, RefreshToken) {
        let expires_at = now + limits.idle.min(limits.longest);
        let session = Self { id, account, started_at: now, expires_at, ended: None };
        (session, RefreshToken { hash: first, session: id, issued_at: now, spent_at: None })
    }

    /// As stored.
    pub fn stored(
        id: SessionId,
        account: AccountId,
        [started_at, expires_at]: [DateTime<Utc>; 2],
        ended: Option<(DateTime<Utc>, End)>,
    ) -> Self {
        Self { id, account, started_at, expires_at, ended }
    }

    /// Says what a shown token is; a session that is over takes none.
    pub fn present(
        &self,
        token: &RefreshToken,
        now: DateTime<Utc>,
        limits: &SessionLimits,
    ) -> Result<Presented, Refusal> {
        if self.ended.is_some() || now >= self.expires_at {
            return Err(Refusal::RefreshRefused);
        }
        Ok(match token.spent_at {
            None => Presented::Current,
            Some(at) if now - at <= limits.repeat => Presented::JustSpent,
            Some(_) => Presented::Reused,
        })
    }

    /// Spends the current token for the next one.
    pub fn rotate(
        &mut self,
        current: &mut RefreshToken,
        next: [u8; 32],
        now: DateTime<Utc>,
        limits: &SessionLimits,
    ) -> RefreshToken {
        current.spent_at = Some(now);
        self.expires_at = (now + limits.idle).min(self.started_at + limits.longest);
        RefreshToken { hash: next, session: self.id, issued_at: now, spent_at: None }
    }

    /// Ends the session; false if it had ended before.
    pub fn end(&mut self, why: End, now: DateTime<Utc>) -> bool {
        let first = self.ended.is_none();
        if first {
            self.ended = Some((now, why));
        }
        first
    }

    /// The session's id.
    pub fn id(&self) -> SessionId {
        self.id
    }

    /// Whose it is.
    pub fn account(&self) -> AccountId {
        self.account
    }

    /// When it was opened.
    pub fn started_at(&self) -> DateTime<Utc> {
        self.started_at
    }

    /// When it lapses by itself.
    pub fn expires_at(&self) -> DateTime<Utc> {
        self.expires_at
    }

    /// When and why it ended, if it did.
    pub fn ended(&self) -> Option<(DateTime<Utc>, End)> {
        self.ended
    }
}

impl End {
    const ALL: [Self; 5] = [
        Self::SignedOut,
        Self::TokenReused,
        Self::PasswordChanged,
        Self::AccountDisabled,
        Self::Claimed,
    ];

    /// The stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SignedOut => "signed_out",
            Self::TokenReused => "token_reused",
            Self::PasswordChanged => "password_changed",
            Self::AccountDisabled => "account_disabled",
            Self::Claimed => "claimed",
        }
    }

    /// The end of a stored word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|end| end.as_str() == word)
    }
}

#[cfg(test)]
mod tests {
    use motcua_ids::Uuid;

    use super::*;

    const LIMITS: SessionLimits = SessionLimits {
        idle: TimeDelta::days(7),
        longest: TimeDelta::days(30),
        repeat: TimeDelta::seconds(30),
    };

    fn day(n: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::days(n)
    }

    fn opened() -> (Session, RefreshToken) {
        let id = SessionId::new(Uuid::from_u128(1));
        Session::open(id, AccountId::new(Uuid::from_u128(2)), [0; 32], day(0), &LIMITS)
    }

    #[test]
    fn a_token_is_good_once_and_repeatable_for_thirty_seconds() {
        let (mut session, mut first) = opened();
        let second = session.rotate(&mut first, [1; 32], day(1), &LIMITS);
        let shown = |token: &RefreshToken, after| {
            session.present(token, day(1) + TimeDelta::seconds(after), &LIMITS)
        };
        assert_eq!(shown(&second, 0), Ok(Presented::Current));
        assert_eq!(shown(&first, 30), Ok(Presented::JustSpent));
        assert_eq!(shown(&first, 31), Ok(Presented::Reused));
    }

    #[test]
    fn use_prolongs_a_session_up_to_its_longest() {
        let (mut session, mut token) = opened();
        for at in [6, 12, 18, 24] {
            token = session.rotate(&mut token, [0; 32], day(at), &LIMITS);
            assert_eq!(session.expires_at(), day(30).min(day(at + 7)));
        }
        assert_eq!(session.present(&token, day(30), &LIMITS), Err(Refusal::RefreshRefused));
    }

    #[test]
    fn an_idle_or_ended_session_takes_no_token() {
        let (mut session, token) = opened();
        assert_eq!(session.present(&token, day(7), &LIMITS), Err(Refusal::RefreshRefused));
        assert!(session.end(End::SignedOut, day(1)));
        assert!(!session.end(End::TokenReused, day(2)), "the first end stands");
        assert_eq!(session.ended(), Some((day(1), End::SignedOut)));
        assert_eq!(session.present(&token, day(1), &LIMITS), Err(Refusal::RefreshRefused));
    }

    #[test]
    fn ends_read_back() {
        for end in End::ALL {
            assert_eq!(End::parse(end.as_str()), Some(end));
        }
    }
}
