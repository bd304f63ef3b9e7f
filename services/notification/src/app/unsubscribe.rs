use motcua_fault::Fault;
use motcua_ids::MessageId;

use super::{App, notify::Reached};
use crate::domain::Refusal;

impl App {
    /// Sends whom a letter was sent to no more of those that need not be sent. Asked again, it changes
    /// nothing; asked after they chose otherwise, it is what they want now. `NOT_FOUND` where
    /// there is no such letter.
    pub(crate) async fn unsubscribe(&self, id: MessageId) -> Result<(), Fault> {
        let ctx = self.arrivals.ctx("letters-stopped");
        let stopped = self.store.write(&ctx, id.uuid(), async |tx| {
            let message = self.messages.lock(tx, id).await?;
            if !message.written.address.is_mailbox() {
                return Err(Refusal::MessageUnknown.into());
            }
            let Some(account) = message.origin.account else {
                return self.messages.note_unsubscribed(tx, id, ctx.now()).await;
            };
            let now = self.preferred.lock(tx, account).await?;
            match now.unsubscribed(message.topic) {
                Some(changed) => self.preferred.save(tx, account, changed).await,
                None => Ok(()),
            }
        });
        stopped.await?;
        tracing::info!(message = id.name(), "somebody wants no more letters like this one");
        Ok(())
    }

    /// Leaves out the mailbox of whom no preferences speak, and who wants nothing there that need not
    /// be told.
    pub(super) async fn heed_unsubscribed(
        &self,
        reached: &mut Reached,
        required: bool,
    ) -> Result<(), Fault> {
        if required || reached.account().is_some() {
            return Ok(());
        }
        let mut kept = Vec::with_capacity(reached.addresses.len());
        for address in std::mem::take(&mut reached.addresses) {
            let stopped = address.is_mailbox()
                && self.messages.is_unsubscribed(self.store.reader(), &address).await?;
            if !stopped {
                kept.push(address);
            }
        }
        reached.addresses = kept;
        Ok(())
    }
}
