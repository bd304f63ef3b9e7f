use motcua_context::{Cause, Ctx};
use motcua_fault::Fault;
use motcua_ids::{AccountId, Uuid};

use super::{App, change_password::at, reach::MANAGERS};
use crate::domain::{Account, End, Handle, Identifier, Password, Refusal};

/// What the record of readings calls the command on the server.
const COMMAND: &str = "motcua admin reset-password";

impl App {
    /// Sets a password for whoever forgot theirs, to be replaced before the next sign-in, and ends
    /// the sessions. A person sees it among the readings of their data.
    pub(crate) async fn reset_password(
        &self,
        ctx: &Ctx,
        id: AccountId,
        password: &str,
        method: &str,
    ) -> Result<Account, Fault> {
        let account = self.accounts.get(self.store.reader(), id).await?;
        self.require_whole_reach(ctx, &account, MANAGERS).await?;
        self.replace_lost_password(ctx, &account, password, method).await
    }

    /// The same for an administrator of the province, whom nobody may be left to help: by a command
    /// on the server. `ACCOUNT_NOT_FOUND`; `NOT_THE_PROVINCE` for anybody else, whom
    /// administrators help; `ACCOUNT_DISABLED`.
    pub(crate) async fn reset_administrator_password(
        &self,
        ctx: &Ctx,
        username: &str,
        password: &str,
    ) -> Result<Account, Fault> {
        let username = Identifier::Handle(Handle::username(username)?);
        let found = self.accounts.by_identifier(self.store.reader(), &username).await?;
        let account = found.ok_or(Refusal::AccountNotFound)?;
        if self.administered_province(ctx, &account).await?.is_none() {
            return Err(Refusal::NotTheProvince.into());
        }
        account.may_change_password().map_err(|_| Refusal::AccountDisabled)?;
        let ctx = ctx.clone().with_cause(Cause::Command { id: Uuid::from_bytes(ctx.random()) });
        self.replace_lost_password(&ctx, &account, password, COMMAND).await
    }

    async fn replace_lost_password(
        &self,
        ctx: &Ctx,
        account: &Account,
        password: &str,
        method: &str,
    ) -> Result<Account, Fault> {
        let id = account.id();
        account.require_password()?;
        let password = Password::new(password, &account.holder().own_values())
            .map_err(|malformed| at("password", malformed))?;
        let hash = self.hasher.hash(password.secret()).await?;
        self.store.record_reading(ctx, method, &[id], &[], "reset_password").await?;
        self.store
            .write(ctx, id.uuid(), async |tx| {
                let mut account = self.accounts.lock(tx, id).await?;
                account.reset_password(hash, self.after_issued(tx, ctx, id).await?)?;
                self.accounts.save(tx, &account).await?;
                self.end_all_sessions(tx, ctx, &account, End::PasswordChanged).await?;
                Ok(account)
            })
            .await?
            .or_reload(async |id| self.reload(id.into()).await)
            .await
    }
}
