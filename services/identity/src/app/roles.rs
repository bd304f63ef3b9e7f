use motcua_context::{Ctx, Role};
use motcua_fault::Fault;
use motcua_ids::{AccountId, AgencyId};

use super::{App, reach::MANAGERS};
use crate::{domain::Account, events};

impl App {
    /// Gives an officer a role in an agency.
    pub(crate) async fn grant_role(
        &self,
        ctx: &Ctx,
        id: AccountId,
        role: Role,
        agency: AgencyId,
    ) -> Result<Account, Fault> {
        let account = self.accounts.get(self.store.reader(), id).await?;
        self.require_reach(ctx, &account, MANAGERS).await?;
        self.require_agency(ctx, agency, MANAGERS).await?;
        let by = ctx.officer()?.account;
        self.store
            .write(ctx, id.uuid(), async |tx| {
                let mut account = self.accounts.lock(tx, id).await?;
                let event = account.grant(role, agency, Some(by), ctx.now())?;
                self.accounts.save(tx, &account).await?;
                events::publish(tx, event);
                Ok(account)
            })
            .await?
            .or_reload(async |id| self.reload(id.into()).await)
            .await
    }

    /// Takes a role away; tokens that hold it stop counting.
    pub(crate) async fn revoke_role(
        &self,
        ctx: &Ctx,
        id: AccountId,
        role: Role,
        agency: AgencyId,
    ) -> Result<Account, Fault> {
        self.require_agency(ctx, agency, MANAGERS).await?;
        let counts =
            role == Role::Administrator && self.catalog.place(ctx, agency).await?.is_province;
        let province = counts.then_some(agency);
        self.store
            .write(ctx, id.uuid(), async |tx| {
                let last = self.is_last_administrator(tx, id, province).await?;
                let mut account = self.accounts.lock(tx, id).await?;
                let now = self.after_issued(tx, ctx, id).await?;
                let event = account.revoke(role, agency, last, now)?;
                self.accounts.save(tx, &account).await?;
                self.tell_revoked(tx, ctx, &account).await?;
                events::publish(tx, event);
                Ok(account)
            })
            .await?
            .or_reload(async |id| self.reload(id.into()).await)
            .await
    }
}
