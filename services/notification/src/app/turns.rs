use chrono::TimeDelta;
use motcua_context::Timestamp;
use motcua_fault::Fault;
use motcua_store::Tx;

use super::DELIVERY;
use crate::{
    domain::{Channel, Message, MessageState, QuietHours, Spare},
    events::publish,
    store::Messages,
};

/// When messages go out, and what the end of one means for those behind it.
#[derive(Clone)]
pub(crate) struct Turns {
    pub(crate) messages: Messages,
    /// How long a channel has for its turn.
    pub(crate) turn: TimeDelta,
    pub(crate) quiet: Option<QuietHours>,
}

impl Turns {
    /// The first moment from `at` on at which somebody may be told there.
    pub(crate) fn earliest(&self, channel: Channel, at: Timestamp) -> Timestamp {
        match channel {
            Channel::Sms | Channel::Zalo => self.quiet.map_or(at, |quiet| quiet.after(at)),
            Channel::Inbox | Channel::Email | Channel::Webhook => at,
        }
    }

    /// Says what became of a message, once that is known. If it arrived, those behind it need
    /// not go; if it did not, the next goes at once.
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
        for mut behind in self.messages.lock_behind(tx, message).await? {
            behind.spare(now, Spare::Told)?;
            tx.unschedule(DELIVERY, behind.id.uuid()).await?;
            self.messages.save(tx, &behind).await?;
        }
        Ok(())
    }

    /// Unless the next has had its turn already: then the one after it keeps its time.
    async fn move_up(&self, tx: &Tx, message: &Message, now: Timestamp) -> Result<(), Fault> {
        let behind = self.messages.lock_behind(tx, message).await?;
        if !behind.first().is_some_and(|next| next.is_next_after(message)) {
            return Ok(());
        }
        let mut at = now;
        for next in behind {
            at = self.earliest(next.written.address.channel(), at);
            tx.schedule(DELIVERY, next.id.uuid(), at).await?;
            at += self.turn;
        }
        Ok(())
    }
}
