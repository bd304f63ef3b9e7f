use motcua_context::Ctx;
use motcua_fault::Fault;
use motcua_ids::AccountId;

use super::{App, reach::MANAGERS};
use crate::domain::{Account, Change, Refusal};

impl App {
    /// Changes names and contacts, by the holder or an administrator who reaches the account.
    pub(crate) async fn update_account(
        &self,
        ctx: &Ctx,
        id: AccountId,
        etag: &str,
        changes: Vec<Change>,
    ) -> Result<Account, Fault> {
        let own = Self::is_own(ctx, id);
        if !own {
            // Whoever may manage nobody learns nothing about which accounts there are.
            ctx.officer().map_err(|_| Refusal::AccountNotFound)?;
            let account = self.accounts.get(self.store.reader(), id).await?;
            self.require_whole_reach(ctx, &account, MANAGERS).await?;
        }
        for change in &changes {
            if let Change::Agency(agency) | Change::WorksFor(Some(agency)) = change {
                self.require_agency(ctx, *agency, MANAGERS).await?;
            }
        }
        let moves = changes.iter().any(|change| matches!(change, Change::WorksFor(_)));
        self.store
            .write(ctx, id.uuid(), async |tx| {
                let mut account = self.accounts.lock(tx, id).await?;
                account.expect_etag(etag)?;
                account.change(changes, !own, ctx.now())?;
                self.accounts.save(tx, &account).await?;
                if moves {
                    self.tell_revoked(tx, ctx, &account).await?;
                }
                Ok(account)
            })
            .await?
            .or_reload(async |id| self.reload(id.into()).await)
            .await
    }
}
