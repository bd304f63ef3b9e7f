use chrono::NaiveDate;
use motcua_context::{Ctx, Role};
use motcua_fault::{Fault, Violations};
use motcua_ids::FeePolicyId;
use motcua_rpc::Page;

use super::App;
use crate::domain::{Policy, Terms};

/// Who publishes and ends what holds in the whole province.
const ROLES: [Role; 2] = [Role::CatalogEditor, Role::Administrator];

/// A rule has a last day from now on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct EndPolicy {
    pub(crate) id: FeePolicyId,
    /// Today or later.
    pub(crate) last_day: NaiveDate,
}

impl App {
    /// Publishes a rule by which people pay less.
    pub(crate) async fn publish_policy(&self, ctx: &Ctx, terms: Terms) -> Result<Policy, Fault> {
        let officer = ctx.officer()?;
        self.of_the_whole_province(ctx, officer, &ROLES).await?;
        let policy = Policy { id: ctx.new_id(), terms, ended_at: None };
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

    /// Sets the last day of a rule: of one without an end, or of one that was published wrongly.
    pub(crate) async fn end_policy(&self, ctx: &Ctx, command: EndPolicy) -> Result<Policy, Fault> {
        let officer = ctx.officer()?;
        self.of_the_whole_province(ctx, officer, &ROLES).await?;
        let id = command.id;
        self.store
            .write(ctx, id.uuid(), async |tx| {
                let mut policy = self.policies.lock(tx, id).await?;
                if !policy.end(command.last_day, ctx.now()) {
                    let mut wrong = Violations::default();
                    let text = "Chỉ được chọn ngày trước ngày cuối hiện có của chính sách.";
                    wrong.add("last_day", "OUT_OF_RANGE", text);
                    wrong.finish()?;
                }
                self.policies.end(tx, &policy, officer.account).await?;
                Ok(policy)
            })
            .await?
            .or_reload(async |_| self.policies.get(self.store.reader(), id).await)
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
