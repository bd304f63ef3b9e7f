use motcua_context::Ctx;
use motcua_fault::Fault;
use motcua_ids::AccountId;

use super::{App, reach::MANAGERS};
use crate::{
    domain::{Account, End},
    events,
};

impl App {
    /// Bars an account: its sessions end and its tokens stop counting.
    pub(crate) async fn disable_account(
        &self,
        ctx: &Ctx,
        id: AccountId,
        reason: String,
    ) -> Result<Account, Fault> {
        let account = self.accounts.get(self.store.reader(), id).await?;
        self.require_whole_reach(ctx, &account, MANAGERS).await?;
        let province = self.administered_province(ctx, &account).await?;
        let by = ctx.officer()?.account;
        self.store
            .write(ctx, id.uuid(), async |tx| {
                let last = self.is_last_administrator(tx, id, province).await?;
                let mut account = self.accounts.lock(tx, id).await?;
                let now = self.after_issued(tx, ctx, id).await?;
                let event = account.disable(by, reason, last, now)?;
                self.accounts.save(tx, &account).await?;
                self.end_all_sessions(tx, ctx, &account, End::AccountDisabled).await?;
                events::publish(tx, event);
                Ok(account)
            })
            .await?
            .or_reload(async |id| self.reload(id.into()).await)
            .await
    }

    /// Lets a barred account sign in again.
    pub(crate) async fn enable_account(&self, ctx: &Ctx, id: AccountId) -> Result<Account, Fault> {
        let account = self.accounts.get(self.store.reader(), id).await?;
        self.require_reach(ctx, &account, MANAGERS).await?;
        self.store
            .write(ctx, id.uuid(), async |tx| {
                let mut account = self.accounts.lock(tx, id).await?;
                let event = account.enable(ctx.now())?;
                self.accounts.save(tx, &account).await?;
                events::publish(tx, event);
                Ok(account)
            })
            .await?
            .or_reload(async |id| self.reload(id.into()).await)
            .await
    }
}
