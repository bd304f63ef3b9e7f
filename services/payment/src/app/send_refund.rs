use motcua_context::Ctx;
use motcua_fault::Fault;
use motcua_ids::{RefundId, Uuid};

use super::{
    App,
    begin_payment::{info, told},
};
use crate::{
    domain::{AttemptState, RefundState, Refusal},
    gateways::Back,
};

impl App {
    /// Has the gateway give back an approved refund. It is asked under the same name each time,
    /// and what it has given back it does not give back again; a failure is tried again.
    pub(crate) async fn send_refund(&self, ctx: &Ctx, refund: Uuid) -> Result<(), Fault> {
        let id = RefundId::new(refund);
        let db = self.store.reader();
        let order = self.orders.get(db, self.orders.of_refund(db, id).await?).await?;
        let wanted = order.refund(id)?.clone();
        let RefundState::Approved { by, .. } = wanted.state else { return Ok(()) };
        let attempt = order.attempt(wanted.payment)?.clone();
        let AttemptState::Settled { transaction, .. } = &attempt.state else { return Ok(()) };
        let gateway = self.gateways.of(&attempt).ok_or(Refusal::MethodNotOffered)?;
        let request_id = refund.simple().to_string();
        let back = Back {
            request_id: &request_id,
            amount: wanted.amount,
            transaction,
            by: &by.uuid().simple().to_string(),
        };
        gateway.give_back(told(&attempt, &info(&order)), back, ctx.now()).await?;
        self.store
            .write(ctx, refund, async |tx| {
                let mut order = self.orders.lock(tx, order.id).await?;
                if order.complete_refund(id, None, ctx.now())? {
                    self.keep(tx, ctx, &mut order).await?;
                }
                Ok(())
            })
            .await?;
        Ok(())
    }
}
