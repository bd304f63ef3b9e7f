use motcua_context::Ctx;
use motcua_fault::Fault;
use motcua_ids::FeeOrderId;

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
    /// Says how much is owed, or changes it before it is paid.
    pub(crate) async fn assess_fees(&self, ctx: &Ctx, command: AssessFees) -> Result<Order, Fault> {
        let id = command.id;
        let seen = self.orders.get(self.store.reader(), id).await?;
        let officer = self.assessor(ctx, &seen).await?;
        self.store
            .write(ctx, id.uuid(), async |tx| {
                let mut order = self.orders.lock(tx, id).await?;
                order.matches(&command.etag)?;
                let (fees, reason) = (command.fees.clone(), command.reason.clone());
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
