use motcua_context::Ctx;
use motcua_fault::Fault;
use motcua_ids::{EventId, MessageId, Uuid, WebhookId};
use motcua_store::Tx;

use super::{App, Heard, Telling, WEBHOOK_OFF, delivery};
use crate::{
    domain::{
        Address, Answer, Channel, Lost, Message, News, WEBHOOK_GONE, Webhook, Written, envelope,
    },
    providers::Registry,
    store::Webhooks,
};

/// The family of what we say of ourselves.
const FAMILY: &str = "notification";
/// By what a message to a system is written.
const TEMPLATE: &str = "cloudevents";

/// Where organisations' systems are.
pub(crate) struct Addresses {
    pub(crate) store: motcua_store::Store,
    pub(crate) webhooks: Webhooks,
}

#[async_trait::async_trait]
impl Registry for Addresses {
    async fn webhook(&self, id: WebhookId) -> Result<Option<Webhook>, Fault> {
        self.webhooks.get(self.store.reader(), id).await
    }
}

impl App {
    /// Writes one message for each system of the person that is told of news.
    pub(super) async fn tell_systems(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        telling: &Telling<'_>,
    ) -> Result<(), Fault> {
        let Telling { origin, news, .. } = telling;
        // That systems are told nothing is for people.
        let owner = telling.reached.account().filter(|_| origin.family != FAMILY);
        let (Some(owner), Some(dossier)) = (owner, origin.dossier) else { return Ok(()) };
        for webhook in self.webhooks.of(tx.db(), owner).await? {
            if !webhook.is_on() {
                continue;
            }
            let (id, at) = (ctx.new_id::<MessageId>(), ctx.now());
            let text = envelope(id, at, dossier, &origin.code, origin.fact_version, news);
            let address = Address::Webhook(webhook.id);
            let written = Written { address, title: String::new(), text };
            let (origin, topic) = (origin.clone(), news.topic());
            let message = Message::write(id, origin, topic, TEMPLATE.to_owned(), written, at);
            tx.schedule(delivery(Channel::Webhook), id.uuid(), at).await?;
            self.messages.insert(tx, &[message])?;
        }
        Ok(())
    }

    /// Notes what a try to tell a system means for its address.
    pub(super) async fn note_system(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        message: &Message,
        answer: &Answer,
    ) -> Result<(), Fault> {
        // What is about no dossier went to no system.
        let (Address::Webhook(id), Some(dossier)) =
            (&message.written.address, message.origin.dossier)
        else {
            return Ok(());
        };
        let id = *id;
        let taken = matches!(answer, Answer::Taken(_));
        let known = self.webhooks.get(tx.db(), id).await?;
        // What does well does not wait for its row.
        if taken && known.is_none_or(|webhook| webhook.hook.failing_since.is_none()) {
            return Ok(());
        }
        let Some(mut webhook) = self.webhooks.lock(tx, id).await? else { return Ok(()) };
        let news = if taken {
            webhook.took()
        } else {
            let gone = answer.reason().is_some_and(|reason| reason == WEBHOOK_GONE);
            let lost =
                Lost { event: ctx.new_id::<EventId>(), dossier, code: message.origin.code.clone() };
            webhook.missed(ctx.now(), gone, self.hooks.patience(), lost)
        };
        if !news {
            return Ok(());
        }
        if !webhook.is_on() {
            tx.schedule(WEBHOOK_OFF, id.uuid(), ctx.now()).await?;
        }
        self.webhooks.save(tx, &webhook).await
    }

    /// Tells the owner of an address that it was turned off, if it still is.
    pub(crate) async fn tell_off(&self, ctx: &Ctx, webhook: Uuid) -> Result<(), Fault> {
        let known = self.webhooks.get(self.store.reader(), WebhookId::new(webhook)).await?;
        let Some((version, off)) = known.and_then(|known| Some((known.version, known.hook.off?)))
        else {
            return Ok(());
        };
        let Some(lost) = off.lost else { return Ok(()) };
        let heard = Heard {
            family: FAMILY,
            version,
            dossier: lost.dossier,
            code: lost.code,
            agency_path: None,
            news: News::WebhookOff { cause: off.cause },
        };
        let reached = self.reached(ctx, &heard).await?;
        let told = self.store.write(ctx, webhook, async |tx| {
            let known = self.messages.known(tx.db(), heard.dossier, FAMILY).await?;
            let path = known.agency_path.unwrap_or_default();
            let (origin, news) = (heard.origin(lost.event, path, &reached), &heard.news);
            let telling = Telling { origin, news, reached: &reached, until: None };
            self.tell(tx, ctx, &telling).await
        });
        told.await?;
        Ok(())
    }
}
