use std::sync::Arc;

use chrono::TimeDelta;
use motcua_context::{Actor, Cause, Clock, Ctx, System, Timestamp};
use motcua_fault::{Fault, Kind};
use motcua_ids::{MessageId, Uuid};
use motcua_store::{Once, Store, Tx};
use sha2::{Digest, Sha256};

use super::{ARRIVAL, turns::Turns};
use crate::{
    domain::{Arrival, Handover, Message, Receipt},
    providers::arrived,
    store::{Messages, Receipts, Waiting},
};

/// How long a receipt of a message nobody knows is kept.
const KEPT: TimeDelta = TimeDelta::days(7);
/// Receipts of one turn.
const BATCH: u64 = 200;

/// What becomes of messages that were handed over.
#[derive(Clone)]
pub(crate) struct Arrivals {
    pub(crate) store: Store,
    pub(crate) messages: Messages,
    pub(crate) receipts: Receipts,
    pub(crate) turns: Turns,
    pub(crate) clock: Arc<dyn Clock>,
}

impl Arrivals {
    /// Takes what a provider says of a message; of one that is not known yet, it is kept.
    /// The same said twice is said once.
    pub(crate) async fn hear(&self, receipt: &Receipt) -> Result<(), Fault> {
        let id = name(receipt);
        let ctx = self.ctx("receipt-heard");
        let heard = self.store.write(&ctx, id, async |tx| {
            let known = self.messages.lock_taken(tx, &receipt.provider, &receipt.id).await?;
            if let Some(message) = known {
                return self.arrive(tx, &ctx, message, receipt.arrival).await;
            }
            self.receipts.keep(tx, id, receipt, ctx.now()).await?;
            Ok(None)
        });
        if let Once::Done(Some(handover)) = heard.await? {
            arrived(&handover, receipt.arrival, ctx.now());
        }
        Ok(())
    }

    /// Waits no longer for a receipt: of a letter that none came is good news.
    pub(crate) async fn expire(&self, ctx: &Ctx, message: Uuid) -> Result<(), Fault> {
        let expired = self.store.write(ctx, message, async |tx| {
            let message = self.messages.lock(tx, MessageId::new(message)).await?;
            let silence = message.handover.as_ref().map_or(Arrival::Expired, Handover::silence);
            self.arrive(tx, ctx, message, silence).await
        });
        match expired.await {
            Err(fault) if fault.kind() != Kind::NotFound => Err(fault),
            _ => Ok(()),
        }
    }

    /// Takes up receipts whose message became known meanwhile, and forgets old ones. Whether
    /// there may be more.
    pub(crate) async fn tidy(&self, now: Timestamp) -> Result<bool, Fault> {
        let db = self.store.reader();
        let matched = self.receipts.matched(db, BATCH).await?;
        let mut held_up = false;
        for waiting in &matched {
            if let Err(fault) = self.take_up(waiting).await {
                tracing::warn!(%fault, receipt = %waiting.id, "a receipt is held up");
                held_up = true;
            }
        }
        let old = self.receipts.heard_before(db, now - KEPT, BATCH).await?;
        if let Some(first) = old.first() {
            let ctx = self.ctx("receipts-forgotten");
            self.store.write(&ctx, *first, async |tx| self.receipts.forget(tx, &old).await).await?;
            tracing::warn!(receipts = old.len(), "receipts of messages nobody sent are forgotten");
        }
        let full = |found: usize| u64::try_from(found).is_ok_and(|found| found == BATCH);
        Ok(!held_up && (full(matched.len()) || full(old.len())))
    }

    async fn take_up(&self, waiting: &Waiting) -> Result<(), Fault> {
        let Receipt { provider, id, arrival } = &waiting.receipt;
        let ctx = self.ctx("receipt-matched");
        let taken = self.store.write(&ctx, waiting.id, async |tx| {
            let arrived = match self.messages.lock_taken(tx, provider, id).await? {
                Some(message) => self.arrive(tx, &ctx, message, *arrival).await?,
                None => None,
            };
            self.receipts.forget(tx, &[waiting.id]).await?;
            Ok(arrived)
        });
        if let Once::Done(Some(handover)) = taken.await? {
            arrived(&handover, *arrival, ctx.now());
        }
        Ok(())
    }

    /// By what way it came, if that it did is news.
    pub(super) async fn arrive(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        mut message: Message,
        arrival: Arrival,
    ) -> Result<Option<Handover>, Fault> {
        if !message.arrive(ctx.now(), arrival) {
            return Ok(None);
        }
        self.turns.ended(tx, &message, ctx.now()).await?;
        tx.unschedule(ARRIVAL, message.id.uuid()).await?;
        Messages::save(tx, &message);
        Ok(message.handover)
    }

    /// A cause of its own for every time: a provider may count anew and say the same of
    /// another message. Rows and states bear being told twice by themselves.
    pub(super) fn ctx(&self, name: &'static str) -> Ctx {
        let actor = Actor::System(System::service(self.store.service()));
        let ctx = Ctx::new(actor, self.clock.now());
        let cause = Cause::Due { name, id: Uuid::from_bytes(ctx.random()), generation: 0 };
        ctx.with_cause(cause)
    }
}

/// What a receipt says, as the name of its row.
fn name(receipt: &Receipt) -> Uuid {
    let mut hash = Sha256::new();
    for part in [&*receipt.provider, &*receipt.id, receipt.arrival.word()] {
        hash.update(part);
        hash.update([0]);
    }
    let octets = hash.finalize().first_chunk().copied().unwrap_or_default();
    uuid::Builder::from_custom_bytes(octets).into_uuid()
}
