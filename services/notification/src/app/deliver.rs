use chrono::TimeDelta;
use motcua_context::Ctx;
use motcua_fault::{Fault, Kind};
use motcua_ids::{MessageId, Uuid};
use motcua_store::Tx;

use super::{ARRIVAL, App, delivery};
use crate::{
    domain::{
        Answer, Attempt, Channel, Handover, Message, MessageState, Refusal, RetryRule, Spare, Taken,
    },
    providers::Way,
    store::Messages,
};

impl App {
    /// Hands a waiting message over, or notes that it could not be and when to
    /// try again. One that no longer waits is left alone.
    pub(crate) async fn deliver(&self, ctx: &Ctx, message: Uuid) -> Result<(), Fault> {
        let id = MessageId::new(message);
        let waiting = match self.messages.get(self.store.reader(), id).await {
            Ok(message) => message,
            Err(fault) if fault.kind() == Kind::NotFound => return Ok(()),
            Err(fault) => return Err(fault),
        };
        let MessageState::Queued { attempts } = waiting.state else { return Ok(()) };
        if self.is_needless(ctx, &waiting).await? {
            return self
                .leave(ctx, &waiting, |message| message.spare(ctx.now(), Spare::Done))
                .await;
        }
        if waiting.is_stale(ctx.now()) {
            return self.leave(ctx, &waiting, |message| message.expire(ctx.now())).await;
        }
        let channel = waiting.written.address.channel();
        // A try may come at night: after others that failed, or after we were away ourselves.
        let at = self.turns.earliest(channel, waiting.topic, ctx.now());
        if at > ctx.now() {
            let later = self
                .store
                .write(ctx, message, async |tx| tx.schedule(delivery(channel), message, at).await);
            return later.await.map(drop);
        }
        let out = self.switches.out(self.store.reader()).await?;
        let (provider, answer, took) = match self.providers.way(ctx.now(), &waiting, attempts, &out)
        {
            Way::Inbox => return Ok(()),
            Way::Closed => ("", Answer::later("CLOSED"), TimeDelta::zero()),
            Way::By(_) if self.is_gone(ctx, &waiting).await? => {
                ("", Answer::refused("MAILBOX_GONE"), TimeDelta::zero())
            }
            Way::By(provider) => {
                let (answer, took) = provider.send(ctx.now(), &waiting).await;
                (provider.name(), answer, took)
            }
        };
        self.store
            .write(ctx, message, async |tx| {
                self.messages.hold_turns(tx, &waiting).await?;
                let mut message = self.messages.lock(tx, id).await?;
                match &answer {
                    Answer::Taken(taken) => {
                        self.taken(tx, ctx, &mut message, provider, taken, took).await?;
                    }
                    _ if matches!(message.state, MessageState::Spared { .. }) => return Ok(()),
                    Answer::Later { reason, wait } => {
                        let rule = self.retry_of(&message);
                        if let Attempt::Again(at) = message.fail(ctx.now(), reason, *wait, rule)? {
                            tx.schedule(delivery(channel), message.id.uuid(), at).await?;
                        }
                    }
                    Answer::Refused { reason } => message.refuse(ctx.now(), reason)?,
                }
                self.note_system(tx, ctx, &message, &answer).await?;
                self.turns.ended(tx, &message, ctx.now()).await?;
                Messages::save(tx, &message);
                Ok(())
            })
            .await?;
        Ok(())
    }

    fn retry_of(&self, message: &Message) -> RetryRule {
        match message.written.address.channel() {
            Channel::Webhook => self.hooks.retry(),
            Channel::Inbox | Channel::Sms | Channel::Email | Channel::Zalo => self.retry,
        }
    }

    /// Ends a message that is not handed over.
    async fn leave(
        &self,
        ctx: &Ctx,
        waiting: &Message,
        end: impl Fn(&mut Message) -> Result<(), Refusal>,
    ) -> Result<(), Fault> {
        let left = self.store.write(ctx, waiting.id.uuid(), async |tx| {
            self.messages.hold_turns(tx, waiting).await?;
            let mut message = self.messages.lock(tx, waiting.id).await?;
            end(&mut message)?;
            self.turns.ended(tx, &message, ctx.now()).await?;
            Messages::save(tx, &message);
            Ok(())
        });
        left.await?;
        Ok(())
    }

    /// A receipt may have come before we knew whose it is.
    async fn taken(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        message: &mut Message,
        provider: &str,
        taken: &Taken,
        took: TimeDelta,
    ) -> Result<(), Fault> {
        let now = ctx.now();
        let handover = Handover {
            provider: provider.to_owned(),
            id: taken.id.clone(),
            segments: taken.segments,
            at: now,
            took,
        };
        message.hand_over(handover, taken.receipt)?;
        if !taken.receipt {
            return Ok(());
        }
        let early = match &taken.id {
            Some(id) => self.arrivals.receipts.take(tx, provider, id).await?,
            None => None,
        };
        if early.is_some_and(|arrival| message.arrive(now, arrival)) {
            return Ok(());
        }
        let wait = self.awaited(tx, message).await?;
        tx.schedule(ARRIVAL, message.id.uuid(), now + wait).await
    }

    /// How long is waited for what becomes of a message that was taken.
    async fn awaited(&self, tx: &Tx, message: &Message) -> Result<TimeDelta, Fault> {
        let letter = message.handover.as_ref().is_some_and(Handover::tells_failures_alone);
        let Some(rule) = self.letters.filter(|_| letter) else { return Ok(self.receipt_awaited) };
        let others = !self.messages.lock_beside(tx, message).await?.is_empty();
        Ok(rule.settled(others.then_some(self.turns.rules.turn)))
    }
}
