use motcua_context::Ctx;
use motcua_fault::Fault;
use motcua_ids::AccountId;

use super::App;
use crate::{
    domain::{Account, Credential, Holder, Password},
    events,
};

impl App {
    /// Opens an account for a citizen or an organisation.
    pub(crate) async fn register_person(
        &self,
        ctx: &Ctx,
        holder: Holder,
        password: &Password,
    ) -> Result<Account, Fault> {
        self.guard.admit_registration(ctx).await?;
        let hash = self.hasher.hash(password.secret()).await?;
        self.open(ctx, holder, Credential::own(hash)).await
    }

    /// Keeps a new account and says so.
    pub(super) async fn open(
        &self,
        ctx: &Ctx,
        holder: Holder,
        credential: Credential,
    ) -> Result<Account, Fault> {
        let id: AccountId = ctx.new_id();
        let (account, event) = Account::open(id, holder, credential, ctx.now());
        self.store
            .write(ctx, id.uuid(), async |tx| {
                self.accounts.insert(tx, &account).await?;
                events::publish(tx, event);
                Ok(account)
            })
            .await?
            .or_reload(async |id| self.reload(id.into()).await)
            .await
    }

    /// The account as it is now, for a caller whose request was done before.
    pub(super) async fn reload(&self, id: AccountId) -> Result<Account, Fault> {
        self.accounts.get(self.store.reader(), id).await
    }
}
