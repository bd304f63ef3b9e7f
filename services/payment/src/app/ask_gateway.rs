use chrono::TimeDelta;
use motcua_context::Ctx;
use motcua_fault::Fault;
use motcua_ids::{PaymentId, Uuid};

use super::{
    App,
    begin_payment::{info, told},
    look_up_return::request_id,
    timer,
};
use crate::domain::{AttemptState, Method};

/// The gateway is asked again after so long, and longer each time.
pub(super) const AGAIN: TimeDelta = TimeDelta::minutes(5);
/// What the gateway does not know by then is over; should the money come, it is taken.
pub(super) const AT_LAST: TimeDelta = TimeDelta::days(2);

impl App {
    /// An attempt is over, and nobody has said what became of it: the gateway is asked until it
    /// knows. A transfer is waited for no more; the bank's statement may still bring it. What was
    /// ended here meanwhile, as another sum is owed or none any more, the payer may have paid at the
    /// gateway all the same: it is asked of that as of any attempt that is over.
    pub(crate) async fn ask_gateway(&self, ctx: &Ctx, payment: Uuid) -> Result<(), Fault> {
        let id = PaymentId::new(payment);
        let db = self.store.reader();
        let order = self.orders.get(db, self.orders.of_payment(db, id).await?).await?;
        let attempt = order.attempt(id)?.clone();
        let waited = ctx.now() - attempt.expires_at;
        let waits = attempt.state == AttemptState::Pending;
        let gateway = self.gateways.of(&attempt).filter(|_| waits);
        if let (Some(via), Some(gateway)) = (attempt.via, gateway) {
            let info = info(&order);
            let asked = gateway.ask(told(&attempt, &info), &request_id(ctx), ctx.now()).await;
            match asked {
                Ok(word) => {
                    self.take_word(ctx, via, &word).await?;
                }
                Err(fault) => tracing::warn!(%fault, "an attempt's end is not known yet"),
            }
        }
        self.store
            .write(ctx, payment, async |tx| {
                let mut order = self.orders.lock(tx, order.id).await?;
                match order.attempt(id)?.state {
                    AttemptState::Settled { .. } => return Ok(()),
                    AttemptState::Declined { .. } | AttemptState::Expired => {
                        return self.over(tx, ctx, &attempt).await;
                    }
                    AttemptState::Pending => {}
                }
                if attempt.method == Method::Gateway && waited < AT_LAST {
                    let next = ctx.now() + waited.max(AGAIN);
                    return tx.schedule(timer::ASK, payment, next).await;
                }
                order.expire(id)?;
                self.over(tx, ctx, &attempt).await?;
                self.keep(tx, ctx, &mut order).await
            })
            .await?;
        Ok(())
    }
}
