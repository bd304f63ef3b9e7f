//! What went out about the dossier.

use motcua_proto::notification::v1::{
    ListMessagesRequest, ListSpoolRequest, Message, MessageChannel, MessageState, MessageTopic,
};

use super::{Story, at};
use crate::demo::{
    cast,
    words::{channel, handed_over},
    world::{refused, until},
};

impl Story<'_> {
    /// What lies in the citizen's inbox about the dossier, the last message included.
    pub(super) async fn messages(&self, dossier: &str) -> anyhow::Result<Vec<String>> {
        until("the last message", async || {
            let request = ListMessagesRequest { page_size: 100, ..ListMessagesRequest::default() };
            let mut notification = self.world.notification(&self.citizen);
            let list = notification.list_messages(request).await.map_err(refused)?.into_inner();
            let about = list.messages.into_iter().filter(|message| message.dossier == dossier);
            let about = in_order(about.collect());
            let all = about.iter().any(|message| message.topic() == MessageTopic::ResultReturned);
            Ok(all.then(|| about.iter().map(told).collect()))
        })
        .await
    }

    /// What went out by other ways, once nothing waits any more. Addresses are masked.
    pub(super) async fn spool(&self, dossier: &str) -> anyhow::Result<Vec<String>> {
        let by = &self.administrator;
        let by = cast::sign_in(self.world, &by.username, &by.password, &by.name).await?;
        until("the last message is handed over", async || {
            let request = ListSpoolRequest {
                page_size: 100,
                dossier: dossier.to_owned(),
                ..ListSpoolRequest::default()
            };
            let mut notification = self.world.notification(&by);
            let list = notification.list_spool(request).await.map_err(refused)?.into_inner();
            let waits = |message: &Message| message.state() == MessageState::Queued;
            let all = !list.messages.is_empty() && !list.messages.iter().any(waits);
            Ok(all.then(|| in_order(list.messages).iter().map(sent).collect()))
        })
        .await
    }
}

/// The oldest first.
fn in_order(mut messages: Vec<Message>) -> Vec<Message> {
    messages.sort_by_key(|message| message.create_time.as_ref().map(|at| (at.seconds, at.nanos)));
    messages
}

/// A message on one line: when, and what it says after its salutation.
fn told(message: &Message) -> String {
    let body: Vec<_> = message.text.lines().skip(1).filter(|line| !line.is_empty()).collect();
    format!("{}  {}", at(message.create_time.as_ref()), body.join(" "))
}

/// A message of the spool on one line: how, to whom, and its text or its title.
fn sent(message: &Message) -> String {
    let words = match message.channel() {
        MessageChannel::Sms => &message.text,
        _ => &message.title,
    };
    let (channel, state) = (channel(message.channel()), handed_over(message.state()));
    format!("{channel} {} ({state}): {words}", message.masked_address)
}
