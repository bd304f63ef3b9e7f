use motcua_context::{Actor, Cause, Ctx, System};
use motcua_fault::Fault;
use motcua_ids::{FeeOrderId, PaymentId, Uuid};
use motcua_paywire::{IpnAnswer, Unclear};
use motcua_store::Tx;
use motcua_vn::Vnd;
use serde_json::Value;

use super::{App, discrepancies::about, keep::receipt_ids};
use crate::{
    domain::{Arrival, Order, Via},
    gateways::{Standing, Word},
};

impl App {
    /// A gateway tells by itself what became of an attempt (IPN). What its signature does not
    /// vouch for changes nothing.
    pub(crate) async fn hear_notice(&self, via: Via, said: &str) -> Value {
        let Some(gateway) = self.gateways.get(via) else {
            return IpnAnswer::OrderNotFound.to_json();
        };
        let taken = match gateway.notice(said) {
            Ok(word) => self.taken(via, &word).await,
            Err(Unclear::Signature) => IpnAnswer::FailChecksum,
            Err(Unclear::Terminal) => IpnAnswer::OrderNotFound,
            Err(Unclear::Amount) => IpnAnswer::InvalidAmount,
        };
        gateway.answer(said, taken)
    }

    async fn taken(&self, via: Via, word: &Word) -> IpnAnswer {
        let name = format!("gateways/{}", via.as_str());
        let caller = System { service: false, ..System::service(name) };
        let ctx = Ctx::new(Actor::System(caller), self.clock.now());
        match self.take_word(&ctx, via, word).await {
            Ok(answer) => answer,
            Err(fault) => {
                tracing::error!(%fault, "what a gateway said was not taken over");
                IpnAnswer::Unknown
            }
        }
    }

    /// Takes over what a gateway says of an attempt that went through it; of another's it knows
    /// nothing.
    pub(super) async fn take_word(
        &self,
        ctx: &Ctx,
        via: Via,
        word: &Word,
    ) -> Result<IpnAnswer, Fault> {
        let db = self.store.reader();
        let found = self.orders.by_reference(db, &word.reference, Some(via)).await?;
        let Some((id, payment)) = found else { return Ok(IpnAnswer::OrderNotFound) };
        // What is known changes nothing, however often it is said.
        let ctx = ctx.clone().with_cause(Cause::Command { id: Uuid::from_bytes(ctx.random()) });
        let once = self
            .store
            .write(&ctx, id.uuid(), async |tx| self.take(tx, &ctx, id, payment, word).await)
            .await?;
        once.or_reload(async |_| Ok(IpnAnswer::AlreadyConfirmed)).await
    }

    async fn take(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        id: FeeOrderId,
        payment: PaymentId,
        word: &Word,
    ) -> Result<IpnAnswer, Fault> {
        let mut order = self.orders.lock(tx, id).await?;
        let attempt = order.attempt(payment)?;
        if attempt.amount != word.amount {
            return Ok(IpnAnswer::InvalidAmount);
        }
        if attempt.settled().is_some() {
            return Ok(IpnAnswer::AlreadyConfirmed);
        }
        match &word.standing {
            Standing::Paid { transaction, .. } => {
                self.arrived(tx, ctx, &mut order, payment, transaction).await?;
                Ok(IpnAnswer::Confirmed)
            }
            Standing::Declined { why } => {
                if !order.declined(payment, why)? {
                    return Ok(IpnAnswer::AlreadyConfirmed);
                }
                self.over(tx, ctx, order.attempt(payment)?).await?;
                self.keep(tx, ctx, &mut order).await?;
                Ok(IpnAnswer::Confirmed)
            }
            // It is asked again when the attempt is over.
            Standing::Open | Standing::Returned => Ok(IpnAnswer::Confirmed),
        }
    }

    /// Money that is not owed is to be given back: a person has to look at it.
    async fn surplus(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        order: &Order,
        payment: PaymentId,
    ) -> Result<(), Fault> {
        let attempt = order.attempt(payment)?;
        let found = about(ctx, order, attempt, Vnd::ZERO, attempt.amount);
        self.discrepancies.raise(tx, &found).await
    }

    /// The money of an attempt is there.
    pub(super) async fn arrived(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        order: &mut Order,
        payment: PaymentId,
        transaction: &str,
    ) -> Result<Arrival, Fault> {
        let amount = order.attempt(payment)?.amount;
        let receipts = receipt_ids(ctx);
        let arrival = order.arrived(payment, amount, transaction, ctx.now(), receipts)?;
        self.over(tx, ctx, order.attempt(payment)?).await?;
        self.keep(tx, ctx, order).await?;
        if arrival == Arrival::Surplus {
            tracing::warn!(order = %order.id, %payment, "money came that is not owed");
            self.surplus(tx, ctx, order, payment).await?;
        }
        Ok(arrival)
    }
}
