use motcua_context::Ctx;
use motcua_fault::{Fault, Kind};
use motcua_ids::{MessageId, Uuid};

use super::{App, DELIVERY};
use crate::{
    domain::{Attempt, Message, MessageState},
    events::publish,
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
        if !matches!(waiting.state, MessageState::Queued { .. }) {
            return Ok(());
        }
        let outcome = self.hand_over(ctx, &waiting).await;
        self.store
            .write(ctx, message, async |tx| {
                let mut message = self.messages.lock(tx, id).await?;
                match &outcome {
                    Ok(()) => {
                        message.deliver(ctx.now())?;
                        publish::delivered(tx, &message, ctx.now());
                    }
                    Err(fault) => match message.fail(ctx.now(), fault.reason(), self.retry)? {
                        Attempt::Again(at) => {
                            tx.schedule(DELIVERY, message.id.uuid(), at).await?;
                        }
                        Attempt::GivenUp => {
                            publish::failed(tx, &message, fault.reason(), ctx.now());
                        }
                    },
                }
                self.messages.save(tx, &message).await
            })
            .await?;
        Ok(())
    }

    /// To the spool: the row itself, and the file where there is one. Handed
    /// over at least once: a reader of the file tells repeats by the message's name.
    async fn hand_over(&self, ctx: &Ctx, message: &Message) -> Result<(), Fault> {
        match &self.spool_file {
            Some(file) => file.append(ctx.now(), message).await,
            None => Ok(()),
        }
    }
}
