use motcua_context::Timestamp;
use motcua_fault::Fault;
use motcua_store::Tx;

use super::delivery;
use crate::{
    domain::{Channel, ClassRules, Message, MessageState, QuietHours, Spare, Topic},
    events::publish,
    store::Messages,
};

/// When messages go out, and what the end of one means for those behind it.
#[derive(Clone)]
pub(crate) struct Turns {
    pub(crate) messages: Messages,
    pub(crate) rules: ClassRules,
    pub(crate) quiet: Option<QuietHours>,
}

impl Turns {
    /// The first moment from `at` on at which somebody may be told of a topic there. Who asks at night
    /// is answered at night.
    pub(crate) fn earliest(&self, channel: Channel, topic: Topic, at: Timestamp) -> Timestamp {
        let rings = matches!(channel, Channel::Sms | Channel::Zalo) && !topic.is_answer();
        let quiet = self.quiet.filter(|_| rings && self.rules.of(topic.class()).quiet);
        quiet.map_or(at, |quiet| quiet.after(at))
    }

    /// Says what became of a message, once that is known. If it arrived, those beside it that wait
    /// need not go; if it did not, the next goes at once.
    pub(crate) async fn ended(
        &self,
        tx: &Tx,
        message: &Message,
        now: Timestamp,
    ) -> Result<(), Fault> {
        publish::ended(tx, message, now);
        match message.state {
            MessageState::Queued { .. }
            | MessageState::Sent { .. }
            | MessageState::Spared { .. } => Ok(()),
            MessageState::Delivered { .. } => self.spare(tx, message, now).await,
            MessageState::Failed { .. } | MessageState::Expired { .. } => {
                self.move_up(tx, message, now).await
            }
        }
    }

    async fn spare(&self, tx: &Tx, message: &Message, now: Timestamp) -> Result<(), Fault> {
        for mut other in self.messages.lock_beside(tx, message).await? {
            other.spare(now, Spare::Told)?;
            tx.unschedule(timer(&other), other.id.uuid()).await?;
            Messages::save(tx, &other);
        }
        Ok(())
    }

    /// Unless the next has had its turn already: then the one after it keeps its time.
    async fn move_up(&self, tx: &Tx, message: &Message, now: Timestamp) -> Result<(), Fault> {
        let mut behind = self.messages.lock_beside(tx, message).await?;
        behind.retain(|other| other.terms.turn > message.terms.turn);
        if !behind.first().is_some_and(|next| next.is_next_after(message)) {
            return Ok(());
        }
        let mut at = now;
        for next in behind {
            at = self.earliest(next.written.address.channel(), next.topic, at);
            tx.schedule(timer(&next), next.id.uuid(), at).await?;
            at += self.rules.turn;
        }
        Ok(())
    }
}

const fn timer(message: &Message) -> &'static str {
    delivery(message.written.address.channel())
}
