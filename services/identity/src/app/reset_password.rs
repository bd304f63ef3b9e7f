use motcua_context::Ctx;
use motcua_fault::Fault;
use motcua_ids::AccountId;

use super::{App, change_password::at, reach::MANAGERS};
use crate::domain::{Account, End, Password};

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
        self.require_reach(ctx, &account, MANAGERS).await?;
        account.require_password()?;
        let password = Password::new(password, &account.holder().own_values())
            .map_err(|malformed| at("password", malformed))?;
        let hash = self.hasher.hash(password.secret()).await?;
        self.store.record_reading(ctx, method, &[id], "reset_password").await?;
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
