use std::collections::HashMap;

use motcua_context::Timestamp;
use motcua_proto::identity::v1::{Revocation, revocation::Revoked as Whose};

use crate::UserClaims;

/// Tokens that stopped counting before they expired.
#[derive(Default)]
pub(crate) struct Revoked {
    /// `sessions/…`, and when to forget it.
    sessions: HashMap<String, i64>,
    /// `accounts/…`: tokens issued until then no longer count; and when to forget it.
    accounts: HashMap<String, (i64, i64)>,
}

impl Revoked {
    pub(crate) fn add(&mut self, entries: &[Revocation]) {
        let seconds = |at: &Option<prost_types::Timestamp>| at.as_ref().map_or(0, |t| t.seconds);
        for entry in entries {
            let forget = seconds(&entry.forget_time);
            match &entry.revoked {
                Some(Whose::Session(name)) => {
                    self.sessions.insert(name.clone(), forget);
                }
                Some(Whose::Account(name)) => {
                    let until = seconds(&entry.revoke_time);
                    self.accounts.insert(name.clone(), (until, forget));
                }
                None => {}
            }
        }
    }

    pub(crate) fn covers(&self, claims: &UserClaims) -> bool {
        claims.sid.as_ref().is_some_and(|sid| self.sessions.contains_key(sid))
            || self.accounts.get(&claims.sub).is_some_and(|(until, _)| claims.iat <= *until)
    }

    /// Forgets tokens that have expired by themselves.
    pub(crate) fn forget(&mut self, now: Timestamp) {
        let now = now.timestamp();
        self.sessions.retain(|_, forget| *forget > now);
        self.accounts.retain(|_, (_, forget)| *forget > now);
    }
}
