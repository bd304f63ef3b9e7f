use motcua_context::{Ctx, Officer, Role};
use motcua_fault::Fault;
use motcua_ids::FeePolicyId;
use motcua_rpc::Page;

use super::App;
use crate::domain::{Policy, Terms};

impl App {
    /// Publishes a rule by which people pay less.
    pub(crate) async fn publish_policy(&self, ctx: &Ctx, terms: Terms) -> Result<Policy, Fault> {
        let officer = ctx.officer()?;
        self.of_the_province(ctx, officer).await?;
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

    /// What holds everywhere is published by the whole province's officers.
    async fn of_the_province(&self, ctx: &Ctx, officer: &Officer) -> Result<(), Fault> {
        let roles = [Role::CatalogEditor, Role::Administrator];
        for agency in roles.into_iter().flat_map(|role| officer.agencies(role)) {
            if self.catalog.agency(ctx, agency).await?.path.agencies().len() == 1 {
                return Ok(());
            }
        }
        Err(Fault::denied(
            "NOT_YOUR_AGENCY",
            "Chính sách miễn, giảm áp dụng toàn tỉnh, do cán bộ cấp tỉnh công bố.",
        ))
    }

    /// A page of all rules, newest first, and whether there is more.
    pub(crate) async fn policy_page(
        &self,
        page: Page<FeePolicyId>,
    ) -> Result<(Vec<Policy>, bool), Fault> {
        self.policies.page(self.store.reader(), page).await
    }
}
