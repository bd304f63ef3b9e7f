use motcua_context::Ctx;
use motcua_fault::Fault;
use motcua_ids::FeeOrderId;
use motcua_vn::local;

use super::App;
use crate::domain::{Assessed, Order};

/// What an officer finds to be owed.
#[derive(Debug, Clone)]
pub(crate) struct AssessFees {
    pub(crate) id: FeeOrderId,
    pub(crate) etag: String,
    pub(crate) fees: Vec<Assessed>,
    pub(crate) reason: String,
}

impl App {
    /// Says how much is owed, or changes it before it is paid. Policies take off what they take
    /// off, as where the procedure's version says how much; by the day of acceptance, whenever it is
    /// assessed.
    pub(crate) async fn assess_fees(&self, ctx: &Ctx, command: AssessFees) -> Result<Order, Fault> {
        let id = command.id;
        let seen = self.orders.get(self.store.reader(), id).await?;
        let officer = self.assessor(ctx, &seen).await?;
        self.store
            .write(ctx, id.uuid(), async |tx| {
                let mut order = self.orders.lock(tx, id).await?;
                order.matches(&command.etag)?;
                let day = local::day(order.facts.accepted_at);
                let policies = self.policies.on(tx.db(), day).await?;
                let fees = order.reduced(command.fees.clone(), &policies, day);
                let reason = command.reason.clone();
                let due_at = ctx.now() + self.config.due();
                order.assess(fees, officer, reason, ctx.now(), due_at)?;
                self.keep(tx, ctx, &mut order).await?;
                Ok(order)
            })
            .await?
            .or_reload(async |_| self.orders.get(self.store.reader(), id).await)
            .await
    }
}
