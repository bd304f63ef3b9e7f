use motcua_context::{Ctx, Role};
use motcua_fault::Fault;
use motcua_ids::FeePolicyId;
use motcua_rpc::Page;

use super::App;
use crate::domain::{Policy, Terms};

impl App {
    /// Publishes a rule by which people pay less.
    pub(crate) async fn publish_policy(&self, ctx: &Ctx, terms: Terms) -> Result<Policy, Fault> {
        let officer = ctx.officer()?;
        let roles = [Role::CatalogEditor, Role::Administrator];
        self.of_the_whole_province(ctx, officer, &roles).await?;
        let policy = Policy { id: ctx.new_id(), terms };
        self.store
            .write(ctx, policy.id.uuid(), async |tx| {
                let by = Some(officer.account);
                self.policies.insert(tx, &policy, by, ctx.now()).await?;
                Ok(policy.clone())
            })
            .await?
            .or_reload(async |id| {
                self.policies.get(self.store.reader(), FeePolicyId::new(id)).await
            })
            .await
    }

    /// A page of all rules, newest first, and whether there is more.
    pub(crate) async fn policy_page(
        &self,
        page: Page<FeePolicyId>,
    ) -> Result<(Vec<Policy>, bool), Fault> {
        self.policies.page(self.store.reader(), page).await
    }
}
