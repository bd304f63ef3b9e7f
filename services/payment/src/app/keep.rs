//! The one way a changed order is kept: the books, the order with its receipts, timers, then what
//! the others are told.

use chrono::NaiveDate;
use motcua_context::Ctx;
use motcua_fault::Fault;
use motcua_ids::{EntryId, ReceiptId};
use motcua_store::Tx;
use motcua_vn::local;

use super::{App, timer};
use crate::{
    domain::{Event, Order},
    events::publish,
    store::Books,
};

impl App {
    /// What happened here is of the day on which it happened.
    pub(super) async fn keep(&self, tx: &Tx, ctx: &Ctx, order: &mut Order) -> Result<(), Fault> {
        self.keep_on(tx, ctx, order, local::day(ctx.now())).await
    }

    /// What a bank tells of is of the bank's day, so that both books say the same of it.
    pub(super) async fn keep_on(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        order: &mut Order,
        day: NaiveDate,
    ) -> Result<(), Fault> {
        for entry in order.take_booked() {
            let id = ctx.new_id::<EntryId>().uuid();
            Books::write(tx, id, Some(order.id), (&order.facts.collecting, day), &entry);
        }
        let happened = order.take_happened();
        let subject = order.id.uuid();
        for (_, event) in &happened {
            match event {
                Event::Requested { due_at, .. } => {
                    tx.schedule(timer::LAPSE, subject, *due_at).await?;
                }
                Event::Settled { .. } => tx.unschedule(timer::LAPSE, subject).await?,
                Event::Lapsed { .. } | Event::Refunded { .. } => {}
            }
        }
        for receipt in order.receipts.iter().filter(|receipt| receipt.number.is_none()) {
            tx.schedule_at_last(timer::BILL, receipt.id.uuid(), ctx.now());
        }
        self.orders.keep(tx, order).await?;
        for (version, event) in &happened {
            publish::say(tx, order, *version, event);
        }
        Ok(())
    }
}

/// One for each kind.
pub(super) fn receipt_ids(ctx: &Ctx) -> [ReceiptId; 2] {
    [ctx.new_id(), ctx.new_id()]
}
