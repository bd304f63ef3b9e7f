use chrono::TimeDelta;
use motcua_context::Ctx;
use motcua_fault::Fault;
use motcua_ids::{FeeOrderId, PaymentId};
use motcua_vn::{Vnd, local};

use super::{App, authority::desk, keep::receipt_ids};
use crate::domain::{Attempt, AttemptState, Method, Order};

/// The desk took money.
#[derive(Debug, Clone)]
pub(crate) struct Collect {
    pub(crate) id: FeeOrderId,
    pub(crate) etag: String,
    pub(crate) method: Method,
    pub(crate) amount: Vnd,
}

impl App {
    /// The desk took all that is owed in cash, or the postman brought it.
    pub(crate) async fn collect_payment(
        &self,
        ctx: &Ctx,
        command: Collect,
    ) -> Result<Order, Fault> {
        let id = command.id;
        self.store
            .write(ctx, id.uuid(), async |tx| {
                let mut order = self.orders.lock(tx, id).await?;
                let cashier = desk(ctx, &order)?;
                order.matches(&command.etag)?;
                let agency = order.facts.collecting.agency();
                let cash = command.method == Method::Cash;
                if cash {
                    self.tills.hold(tx, cashier, agency, local::day(ctx.now())).await?;
                }
                let attempt = Attempt {
                    id: ctx.new_id::<PaymentId>(),
                    method: command.method,
                    via: None,
                    reference: None,
                    amount: command.amount,
                    created_at: ctx.now(),
                    expires_at: ctx.now() + TimeDelta::minutes(1),
                    till: cash.then_some(cashier),
                    state: AttemptState::Pending,
                };
                order.collect(attempt, receipt_ids(ctx))?;
                self.keep(tx, ctx, &mut order).await?;
                Ok(order)
            })
            .await?
            .or_reload(async |_| self.orders.get(self.store.reader(), id).await)
            .await
    }
}
