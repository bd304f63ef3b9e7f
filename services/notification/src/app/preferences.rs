use motcua_context::Ctx;
use motcua_fault::Fault;
use motcua_ids::AccountId;

use super::{App, read::caller};
use crate::domain::{Channel, ChannelUse, Language, Preferences, Refusal};

/// Which channel a person wants to be told by first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum First {
    /// This one.
    Chosen(Channel),
    /// Whichever is by itself.
    Nobody,
}

/// What a person changes; what is none stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Change {
    /// Short messages.
    pub(crate) sms: Option<ChannelUse>,
    /// E-mail.
    pub(crate) email: Option<ChannelUse>,
    /// Zalo.
    pub(crate) zalo: Option<ChannelUse>,
    /// Which is told first.
    pub(crate) first: Option<First>,
    /// The language.
    pub(crate) language: Option<Language>,
    /// Whether an officer is told what awaits them.
    pub(crate) digest: Option<bool>,
    /// The version that is changed; none: whatever it is.
    pub(crate) version: Option<i64>,
}

impl App {
    /// How the caller wants to be told.
    pub(crate) async fn preferences(&self, ctx: &Ctx) -> Result<(AccountId, Preferences), Fault> {
        let account = caller(ctx)?;
        Ok((account, self.preferred.get(self.store.reader(), account).await?))
    }

    /// Changes how the caller wants to be told.
    pub(crate) async fn change_preferences(
        &self,
        ctx: &Ctx,
        change: Change,
    ) -> Result<(AccountId, Preferences), Fault> {
        let account = caller(ctx)?;
        let changed = self
            .store
            .write(ctx, account.uuid(), async |tx| {
                let mut now = self.preferred.lock(tx, account).await?;
                if change.version.is_some_and(|version| version != now.version) {
                    return Err(Refusal::EtagMismatch.into());
                }
                now.sms = change.sms.unwrap_or(now.sms);
                now.email = change.email.unwrap_or(now.email);
                now.zalo = change.zalo.unwrap_or(now.zalo);
                now.first = match change.first {
                    Some(First::Chosen(channel)) => Some(channel),
                    Some(First::Nobody) => None,
                    None => now.first,
                };
                now.language = change.language.unwrap_or(now.language);
                now.digest = change.digest.unwrap_or(now.digest);
                now.version += 1;
                self.preferred.save(tx, account, now).await?;
                Ok(now)
            })
            .await?
            .or_reload(async |_| self.preferred.get(self.store.reader(), account).await)
            .await?;
        Ok((account, changed))
    }
}
