use motcua_context::Ctx;
use motcua_fault::Fault;

use super::{App, guard::Try};
use crate::domain::{Account, Identifier, Refusal, Secret};

/// Somebody who has just proved to be the account's holder.
pub(super) struct Proved {
    pub(super) account: Account,
    pub(super) tried: Try,
    /// The same password hashed at today's cost, where the kept hash is of another.
    pub(super) rehashed: Option<String>,
}

impl App {
    /// Checks a login and a secret. Unknown, barred and mistaken answer alike and take the same
    /// time: one look-up and one hash. `may` judges the account of a right secret.
    pub(super) async fn prove<T>(
        &self,
        ctx: &Ctx,
        login: &str,
        secret: &Secret,
        may: impl FnOnce(&Account) -> Result<T, Refusal>,
    ) -> Result<Proved, Fault> {
        let tried = self.guard.admit(ctx, login).await?;
        if secret.is_too_long() {
            self.guard.failed(ctx, &tried).await;
            return Err(Refusal::SignInRefused.into());
        }
        let account = match Identifier::login(login) {
            Some(login) => self.accounts.by_identifier(self.store.reader(), &login).await?,
            None => None,
        };
        let hash = account.as_ref().map(|account| account.credential().hash());
        let right = self.hasher.verify(secret, hash).await?;
        let account = match account {
            Some(account) if right => account,
            _ => {
                self.guard.failed(ctx, &tried).await;
                return Err(Refusal::SignInRefused.into());
            }
        };
        if let Err(refusal) = may(&account) {
            if refusal == Refusal::SignInRefused {
                self.guard.failed(ctx, &tried).await;
            }
            return Err(refusal.into());
        }
        let rehashed = if self.hasher.is_outdated(account.credential().hash()) {
            Some(self.hasher.hash(secret).await?)
        } else {
            None
        };
        Ok(Proved { account, tried, rehashed })
    }
}
