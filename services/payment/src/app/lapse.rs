use chrono::{Datelike, NaiveDate, Weekday};
use motcua_context::Ctx;
use motcua_fault::Fault;
use motcua_ids::{FeeOrderId, Uuid};
use motcua_vn::{WorkingCalendar, local};

use super::{App, ask_gateway::AGAIN, timer};
use crate::domain::{Attempt, Method};

/// Further ahead no calendar has a working day missing.
const FAR: usize = 60;

impl App {
    /// The time to pay is over, unless it was moved or the order was paid. What may have been paid
    /// in time is waited for: at the gateway until it has said what became of it or was asked long
    /// enough, by transfer until the statement of the next working day may have come.
    pub(crate) async fn lapse(&self, ctx: &Ctx, order: Uuid) -> Result<(), Fault> {
        let id = FeeOrderId::new(order);
        let seen = self.orders.get(self.store.reader(), id).await?;
        let mut unsettled = seen.attempts.iter().filter(|one| one.settled().is_none());
        let calendar = if unsettled.any(|one| one.method == Method::BankTransfer) {
            let agency = seen.facts.collecting.agency();
            self.catalog.calendar(ctx, agency, local::day(ctx.now())).await?
        } else {
            None
        };
        let until = |attempt: &Attempt| match attempt.method {
            Method::BankTransfer => {
                let stated = next_working(calendar.as_ref(), local::day(attempt.expires_at));
                local::bounds(stated).1
            }
            // As long again as the gateway itself is left alone.
            _ => ctx.now() + (ctx.now() - attempt.expires_at).max(AGAIN),
        };
        self.store
            .write(ctx, order, async |tx| {
                let mut order = self.orders.lock(tx, id).await?;
                if let Some(until) = order.awaits(ctx.now(), until) {
                    return tx.schedule(timer::LAPSE, id.uuid(), until).await;
                }
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

/// The first working day behind a day. Where no calendar tells of it, Saturday and Sunday are off.
fn next_working(calendar: Option<&WorkingCalendar>, day: NaiveDate) -> NaiveDate {
    let works = |day: &NaiveDate| match calendar.filter(|calendar| calendar.covers(*day)) {
        Some(calendar) => calendar.kind(*day).is_working(),
        None => !matches!(day.weekday(), Weekday::Sat | Weekday::Sun),
    };
    day.iter_days().skip(1).take(FAR).find(works).unwrap_or(day)
}
