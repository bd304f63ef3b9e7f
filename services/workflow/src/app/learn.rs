use motcua_context::Ctx;
use motcua_fault::Fault;
use motcua_ids::AccountId;

use super::App;
use crate::domain::KnownGrant;

impl App {
    /// Takes in what identity tells of an account.
    pub(crate) async fn learn(
        &self,
        ctx: &Ctx,
        account: AccountId,
        version: i64,
        grants: Option<&[KnownGrant]>,
        disabled: Option<bool>,
    ) -> Result<(), Fault> {
        self.store
            .write(ctx, account.uuid(), async |tx| {
                self.officers.learn(tx, account, version, grants, disabled).await
            })
            .await?;
        Ok(())
    }
}
