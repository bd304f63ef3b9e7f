use motcua_context::Ctx;
use motcua_fault::Fault;
use motcua_ids::{FeeOrderId, Uuid};

use super::{App, timer};

impl App {
    /// The time to pay is over, unless it was moved or the order was paid.
    pub(crate) async fn lapse(&self, ctx: &Ctx, order: Uuid) -> Result<(), Fault> {
        let id = FeeOrderId::new(order);
        self.store
            .write(ctx, order, async |tx| {
                let mut order = self.orders.lock(tx, id).await?;
                if order.lapse(ctx.now()) {
                    return self.keep(tx, ctx, &mut order).await;
                }
                match order.due_at {
                    Some(due_at) if due_at > ctx.now() => {
                        tx.schedule(timer::LAPSE, id.uuid(), due_at).await
                    }
                    _ => Ok(()),
                }
            })
            .await?;
        Ok(())
    }
}
