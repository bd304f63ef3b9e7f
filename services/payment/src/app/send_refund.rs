use chrono::{DateTime, TimeDelta, Utc};
use motcua_context::Ctx;
use motcua_fault::Fault;
use motcua_ids::{RefundId, Uuid};
use motcua_store::Tx;
use motcua_vn::Vnd;

use super::{
    App,
    ask_gateway::AGAIN,
    begin_payment::{info, told},
    discrepancies::about,
    look_up_return::request_id,
    timer,
};
use crate::{
    domain::{AttemptState, Discrepancy, Kind, Order, Refund, RefundState, Refusal, Sent},
    gateways::{Back, Gateway, Returned, Told},
};

/// A gateway that sees to another refund is left alone for so long, and longer each time: well beyond
/// the time in which it takes every wish for a repeated one.
const BUSY: TimeDelta = TimeDelta::minutes(30);
/// It is asked again after so long at the latest.
const LONGEST: TimeDelta = TimeDelta::hours(12);
/// What has not gone by then a person has to see to, and nothing is sent any more.
const AT_LAST: TimeDelta = TimeDelta::days(3);

impl App {
    /// Has the gateway give back an approved refund, one of a payment at a time, and asks what became
    /// of it until that is known. It is sent under the same name each time, and what the gateway has
    /// given back it does not give back again; a failure is tried again.
    pub(crate) async fn send_refund(&self, ctx: &Ctx, refund: Uuid) -> Result<(), Fault> {
        let id = RefundId::new(refund);
        let db = self.store.reader();
        let order = self.orders.get(db, self.orders.of_refund(db, id).await?).await?;
        let wanted = order.refund(id)?;
        let RefundState::Approved { by, at } = wanted.state else { return Ok(()) };
        let since = match wanted.sent {
            Sent::No => at,
            Sent::Taken { at } => at,
            Sent::Refused { .. } => return Ok(()),
        };
        let attempt = order.attempt(wanted.payment)?;
        let AttemptState::Settled { transaction, .. } = &attempt.state else { return Ok(()) };
        let gateway = self.gateways.of(attempt).ok_or(Refusal::MethodNotOffered)?;
        let waits = order.waits_behind(id)?;
        let names = [refund, by.uuid()].map(|name| name.simple().to_string());
        let [request_id, by] = &names;
        let back = Back { request_id, amount: wanted.amount, transaction, by };
        let info = info(&order);
        let said = if waits {
            Ok(Returned::Busy)
        } else {
            said(ctx, gateway.as_ref(), told(attempt, &info), back, (&order, wanted)).await
        };
        // What waited for others has all its time from then on, and what is taken now is not late.
        let taken = matches!(wanted.sent, Sent::Taken { .. });
        let turn = order.turn_since(id, AT_LAST)?.unwrap_or(since);
        let late = !waits && ctx.now() - since.max(turn) >= AT_LAST;
        let said = match said {
            Err(fault) if !late => return Err(fault),
            Err(fault) => {
                tracing::warn!(%fault, "whether the gateway gave money back is not known");
                Returned::Refused { code: String::new() }
            }
            Ok(Returned::Underway) if late && taken => Returned::Refused { code: String::new() },
            Ok(Returned::Busy) if late => Returned::Refused { code: String::new() },
            Ok(said) => said,
        };
        let order = order.id;
        self.store
            .write(ctx, refund, async |tx| {
                let mut order = self.orders.lock(tx, order).await?;
                self.take_returned(tx, ctx, (&mut order, id), &said, since).await
            })
            .await?;
        Ok(())
    }

    /// Notes what the gateway says of a refund, and when it is asked again.
    async fn take_returned(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        (order, id): (&mut Order, RefundId),
        said: &Returned,
        since: DateTime<Utc>,
    ) -> Result<(), Fault> {
        if !matches!(order.refund(id)?.state, RefundState::Approved { .. }) {
            return Ok(());
        }
        let waited = ctx.now() - since;
        let next = match said {
            Returned::Gone => {
                order.complete_refund(id, None, ctx.now())?;
                return self.keep(tx, ctx, order).await;
            }
            Returned::Refused { code } => {
                let news = order.sent(id, Sent::Refused { code: code.clone() })?;
                self.keep(tx, ctx, order).await?;
                if news {
                    tracing::warn!(order = %order.id, refund = %id, code, "a person has to give money back");
                    self.discrepancies.raise(tx, &not_given_back(ctx, order, id)?).await?;
                }
                return Ok(());
            }
            Returned::Busy => waited.max(BUSY),
            Returned::Underway if order.sent(id, Sent::Taken { at: ctx.now() })? => {
                self.keep(tx, ctx, order).await?;
                self.config.parity()
            }
            Returned::Underway => waited.max(AGAIN),
        };
        tx.schedule(timer::REFUND, id.uuid(), ctx.now() + next.min(LONGEST)).await
    }
}

/// Sends a refund, or asks what became of it once it was taken. Where the gateway says that it was
/// sent one before, it is asked which; a word of a sum that went back before is no word of this one.
async fn said(
    ctx: &Ctx,
    gateway: &dyn Gateway,
    told: Told<'_>,
    back: Back<'_>,
    (order, wanted): (&Order, &Refund),
) -> Result<Returned, Fault> {
    let ask = async || gateway.given_back(told, back, &request_id(ctx), ctx.now()).await;
    if matches!(wanted.sent, Sent::Taken { .. }) {
        return Ok(ask().await?.unwrap_or(Returned::Underway));
    }
    let said = gateway.give_back(told, back, ctx.now()).await?;
    if said != Returned::Busy || order.has_twin(wanted.id)? {
        return Ok(said);
    }
    // Should it not answer, it is left alone all the same.
    Ok(ask().await.ok().flatten().unwrap_or(Returned::Busy))
}

/// A refund that the gateway does not give back, or does not say whether it has.
fn not_given_back(ctx: &Ctx, order: &Order, id: RefundId) -> Result<Discrepancy, Refusal> {
    let refund = order.refund(id)?;
    let expected = Vnd::new(-refund.amount.dong());
    let attempt = order.attempt(refund.payment)?;
    Ok(Discrepancy {
        kind: Kind::MissingThere,
        refund: Some(id),
        ..about(ctx, order, attempt, expected, Vnd::ZERO)
    })
}
