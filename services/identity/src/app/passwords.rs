use motcua_context::Ctx;
use motcua_fault::Fault;

use super::{App, guard::Origin};
use crate::{
    domain::{Account, Credential, Identifier, Refusal, Secret},
    store::Counted,
};

/// Somebody who has just proved to be the account's holder.
pub(super) struct Proved {
    pub(super) account: Account,
    /// Where the tries are counted that may now be forgotten.
    pub(super) tried: Counted,
    /// The same password hashed at today's cost, where the kept hash is of another.
    pub(super) rehashed: Option<String>,
}

impl App {
    /// Checks a login and a password. Unknown, barred and mistaken answer alike and take the same
    /// time: one look-up and one hash. `may` judges the account of a right password.
    pub(super) async fn prove(
        &self,
        ctx: &Ctx,
        login: &str,
        secret: &Secret,
        may: impl FnOnce(&Account) -> Result<(), Refusal>,
    ) -> Result<Proved, Fault> {
        let origin = self.guard.admit(ctx).await?;
        let tried = self.count_try(ctx, login).await?;
        let account = self.check(ctx, &origin, Identifier::login(login), secret, may).await?;
        let rehashed = if self.hasher.is_outdated(account.credential().hash()) {
            Some(self.hasher.hash(secret).await?)
        } else {
            None
        };
        Ok(Proved { account, tried, rehashed })
    }

    /// The account of a right secret that `may` lets pass; anything else counts against `origin`.
    pub(super) async fn check(
        &self,
        ctx: &Ctx,
        origin: &Origin,
        login: Option<Identifier>,
        secret: &Secret,
        may: impl FnOnce(&Account) -> Result<(), Refusal>,
    ) -> Result<Account, Fault> {
        let refused = match self.holder_of(ctx, login, secret).await? {
            Some(account) => match may(&account) {
                Ok(()) => return Ok(account),
                Err(refusal) => refusal,
            },
            None => Refusal::SignInRefused,
        };
        if refused == Refusal::SignInRefused {
            self.guard.failed(ctx, origin).await;
        }
        Err(refused.into())
    }

    async fn holder_of(
        &self,
        ctx: &Ctx,
        login: Option<Identifier>,
        secret: &Secret,
    ) -> Result<Option<Account>, Fault> {
        if secret.is_too_long() {
            return Ok(None);
        }
        let account = match login {
            Some(login) => self.accounts.by_identifier(self.store.reader(), &login).await?,
            None => None,
        };
        let credential = account.as_ref().map(Account::credential);
        let mut right =
            self.hasher.verify(secret, credential.and_then(Credential::password)).await?;
        if let Some(previous) = credential.and_then(|c| c.previous_at(ctx.now()))
            && !right
        {
            right = self.hasher.verify(secret, Some(previous)).await?;
        }
        Ok(account.filter(|_| right))
    }
}
