use chrono::{DateTime, Utc};
use motcua_context::{Cause, Ctx};
use motcua_fault::Fault;
use motcua_ids::{PaymentId, Uuid};
use motcua_store::Tx;
use motcua_vn::{Vnd, local};

use super::{
    App,
    ask_gateway::{AGAIN, AT_LAST},
    begin_payment::{info, told},
    discrepancies::about,
    look_up_return::request_id,
    timer,
};
use crate::{
    domain::{Attempt, AttemptState, Discrepancy, Kind, Method, Order, RefundState},
    gateways::{Standing, Word},
};

/// Whether the gateway sees an attempt as the books do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Parity {
    /// It does.
    Agrees,
    /// It has money that we do not know of.
    Unheard,
    /// It does not; with the sum it has.
    Differs(Kind, Vnd),
    /// It cannot say yet.
    Unsaid,
}

impl App {
    /// An attempt is over: it is waited for no more, and the gateway is asked a while later
    /// whether it sees it so.
    pub(super) async fn over(&self, tx: &Tx, ctx: &Ctx, attempt: &Attempt) -> Result<(), Fault> {
        let subject = attempt.id.uuid();
        tx.unschedule(timer::ASK, subject).await?;
        if attempt.method == Method::Gateway {
            tx.schedule(timer::PARITY, subject, ctx.now() + self.config.parity()).await?;
        }
        Ok(())
    }

    /// Asks the gateway whether it sees an attempt that is over as the books do. Money that we
    /// do not know of is taken over; what else differs is for a person to look at.
    pub(crate) async fn check_parity(&self, ctx: &Ctx, payment: Uuid) -> Result<(), Fault> {
        let id = PaymentId::new(payment);
        let db = self.store.reader();
        let order = self.orders.get(db, self.orders.of_payment(db, id).await?).await?;
        let attempt = order.attempt(id)?;
        let (Some(via), Some(gateway)) = (attempt.via, self.gateways.of(attempt)) else {
            return Ok(());
        };
        let info = info(&order);
        let asked = gateway.ask(told(attempt, &info), &request_id(ctx), ctx.now()).await;
        let mut parity = match &asked {
            Ok(word) => compare(&order, attempt, word),
            Err(fault) => {
                tracing::warn!(%fault, "whether the gateway agrees is not known yet");
                Parity::Unsaid
            }
        };
        if let (Parity::Unheard, Ok(word)) = (parity, &asked) {
            tracing::warn!(%payment, "the gateway has money that it did not tell of");
            let ctx = ctx.clone().with_cause(Cause::Command { id: Uuid::from_bytes(ctx.random()) });
            self.take_word(&ctx, via, word).await?;
            parity = Parity::Agrees;
        }
        let waited = ctx.now() - ended(attempt);
        if parity == Parity::Unsaid && waited >= AT_LAST {
            parity = match attempt.settled() {
                Some(_) => Parity::Differs(Kind::MissingThere, Vnd::ZERO),
                None => Parity::Agrees,
            };
        }
        self.store
            .write(ctx, payment, async |tx| match parity {
                Parity::Agrees | Parity::Unheard => self.orders.confirm(tx, id, ctx.now()).await,
                Parity::Unsaid => {
                    let next = ctx.now() + waited.max(AGAIN);
                    tx.schedule(timer::PARITY, payment, next).await
                }
                Parity::Differs(kind, actual) => {
                    let found = Discrepancy {
                        kind,
                        day: local::day(ended(attempt)),
                        ..about(ctx, &order, attempt, attempt.amount, actual)
                    };
                    self.discrepancies.raise(tx, &found).await
                }
            })
            .await?;
        Ok(())
    }
}

fn compare(order: &Order, attempt: &Attempt, word: &Word) -> Parity {
    let settled = attempt.settled().is_some();
    let given_back = order.refunds.iter().any(|refund| {
        refund.payment == attempt.id && matches!(refund.state, RefundState::Refunded { .. })
    });
    match &word.standing {
        Standing::Paid { .. } if word.amount != attempt.amount => {
            Parity::Differs(Kind::Amount, word.amount)
        }
        // What it gives back, it had; how much of it goes back is asked with the refund.
        Standing::Paid { .. } | Standing::Returned if settled => Parity::Agrees,
        Standing::Paid { .. } => Parity::Unheard,
        // What it has given back, it had.
        Standing::Declined { .. } if settled && !given_back => {
            Parity::Differs(Kind::MissingThere, Vnd::ZERO)
        }
        Standing::Declined { .. } => Parity::Agrees,
        Standing::Open | Standing::Returned => Parity::Unsaid,
    }
}

fn ended(attempt: &Attempt) -> DateTime<Utc> {
    match attempt.state {
        AttemptState::Settled { at, .. } => at,
        _ => attempt.expires_at,
    }
}
