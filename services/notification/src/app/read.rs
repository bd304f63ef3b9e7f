use motcua_context::Ctx;
use motcua_fault::Fault;
use motcua_ids::{AccountId, MessageId};
use motcua_rpc::Page;

use super::App;
use crate::{
    domain::{Message, Refusal},
    store::Messages,
};

/// A page of an inbox.
#[derive(Debug)]
pub(crate) struct Inbox {
    /// Newest first.
    pub(crate) messages: Vec<Message>,
    /// Whether there are more.
    pub(crate) more: bool,
    /// Of the whole inbox.
    pub(crate) unread: u64,
}

impl App {
    /// A page of the caller's own inbox.
    pub(crate) async fn inbox(
        &self,
        ctx: &Ctx,
        page: Page<MessageId>,
        unread_only: bool,
    ) -> Result<Inbox, Fault> {
        let account = caller(ctx)?;
        let db = self.store.reader();
        let unread = self.messages.unread(db, account).await?;
        let (messages, more) = self.messages.inbox(db, account, page, unread_only).await?;
        Ok(Inbox { messages, more, unread })
    }

    /// Marks a message of the caller's own inbox as read.
    pub(crate) async fn mark_read(&self, ctx: &Ctx, id: MessageId) -> Result<Message, Fault> {
        let account = caller(ctx)?;
        self.store
            .write(ctx, id.uuid(), async |tx| {
                let mut message = self.messages.lock(tx, id).await?;
                message.read(account, ctx.now()).map_err(|refusal| match refusal {
                    // What went elsewhere is not for callers to know of.
                    Refusal::NotInInbox => Refusal::MessageUnknown,
                    other => other,
                })?;
                Messages::save(tx, &message);
                Ok(message)
            })
            .await?
            .or_reload(async |id| self.messages.get(self.store.reader(), MessageId::new(id)).await)
            .await
    }
}

/// Whose inbox and preferences a call is about: a person's or an officer's own.
pub(super) fn caller(ctx: &Ctx) -> Result<AccountId, Fault> {
    match ctx.officer() {
        Ok(officer) => Ok(officer.account),
        Err(_) => Ok(ctx.person()?.account),
    }
}
