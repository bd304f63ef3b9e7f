use motcua_context::{Ctx, Timestamp};
use motcua_fault::Fault;
use motcua_ids::AccountId;

use super::{App, reach::MANAGERS};
use crate::domain::{Account, Password};

impl App {
    /// Replaces another system's secret. The old one stays good until `old_until`; where there is
    /// no such time it ends now, and so do the tokens given before.
    pub(crate) async fn rotate_system_secret(
        &self,
        ctx: &Ctx,
        id: AccountId,
        secret: &Password,
        old_until: Option<Timestamp>,
    ) -> Result<Account, Fault> {
        self.require_province(ctx, MANAGERS).await?;
        let account = self.accounts.get(self.store.reader(), id).await?;
        account.system()?;
        let hash = self.hasher.hash(secret.secret()).await?;
        self.store
            .write(ctx, id.uuid(), async |tx| {
                let mut account = self.accounts.lock(tx, id).await?;
                account.rotate_secret(hash, old_until, ctx.now())?;
                self.accounts.save(tx, &account).await?;
                if old_until.is_none() {
                    self.tell_revoked(tx, ctx, &account).await?;
                }
                Ok(account)
            })
            .await?
            .or_reload(async |id| self.reload(id.into()).await)
            .await
    }
}
