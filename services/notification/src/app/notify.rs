use motcua_context::{Cause, Ctx};
use motcua_fault::Fault;
use motcua_ids::{DossierId, EventId, MessageId};

use super::{App, DELIVERY};
use crate::{
    domain::{
        Address, Contact, Facts, Message, News, Origin, Preferences, Refusal, Variant, Written,
        Zns, current,
    },
    events::publish,
};

/// News as an event told them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Heard {
    /// The service that said it.
    pub(crate) family: &'static str,
    /// The version of what it is about: an older one than was told of is late.
    pub(crate) version: i64,
    /// The dossier.
    pub(crate) dossier: DossierId,
    /// Its code; empty where none was minted yet.
    pub(crate) code: String,
    /// The receiving agency and its ancestors, where the event tells them: officers
    /// are shown the messages of the agencies they reach.
    pub(crate) agency_path: Option<String>,
    /// What happened.
    pub(crate) news: News,
}

impl App {
    /// Writes the messages of some news, one for each of the person's channels.
    /// Whom to tell is asked just before; nobody to tell is no fault.
    pub(crate) async fn notify(&self, ctx: &Ctx, heard: Heard) -> Result<(), Fault> {
        let Cause::Event { event, .. } = *ctx.cause() else {
            return Err(Fault::internal("news without an event"));
        };
        let contact = self.intake.contact(ctx, heard.dossier).await?;
        let preferences = match contact.account {
            Some(account) => self.preferred.get(self.store.reader(), account).await?,
            None => Preferences::default(),
        };
        let topic = heard.news.topic();
        let addresses = contact.addresses(topic, &preferences);
        self.store
            .write(ctx, heard.dossier.uuid(), async |tx| {
                let known = self.messages.known(tx.db(), heard.dossier, heard.family).await?;
                if known.version.is_some_and(|told| told > heard.version) {
                    return Ok(());
                }
                let path = match &heard.agency_path {
                    Some(path) => {
                        self.messages.place(tx, heard.dossier, path).await?;
                        path.clone()
                    }
                    None => known.agency_path.unwrap_or_default(),
                };
                for address in addresses {
                    let written =
                        self.write(ctx, event, &heard, path.clone(), &contact, address)?;
                    let Some(message) = written else { continue };
                    self.messages.insert(tx, &message).await?;
                    match message.written.address {
                        Address::Inbox(_) => publish::delivered(tx, &message, ctx.now()),
                        Address::Sms(_) | Address::Zalo(_) => {
                            let at = self.quiet.map_or(ctx.now(), |quiet| quiet.after(ctx.now()));
                            tx.schedule(DELIVERY, message.id.uuid(), at).await?;
                        }
                        Address::Email(_) => {
                            tx.schedule(DELIVERY, message.id.uuid(), ctx.now()).await?;
                        }
                    }
                }
                Ok(())
            })
            .await?;
        Ok(())
    }

    /// None where Zalo approved no text of this, or the facts do not fill it.
    fn write(
        &self,
        ctx: &Ctx,
        event: EventId,
        heard: &Heard,
        agency_path: String,
        contact: &Contact,
        address: Address,
    ) -> Result<Option<Message>, Fault> {
        let topic = heard.news.topic();
        let variant = Variant::of(address.channel());
        let template = current(topic, variant).ok_or(Refusal::TemplateUnknown)?;
        let rendered =
            self.renderer.render(template, &heard.news, &heard.code, &contact.full_name)?;
        let (template, text) = match &address {
            Address::Zalo(_) => match self.zns(heard, &contact.full_name) {
                Some(zns) => (zns.name(), zns.text()),
                None => return Ok(None),
            },
            _ => (template.name(), rendered.text),
        };
        let origin = Origin {
            event,
            family: heard.family,
            fact_version: heard.version,
            dossier: heard.dossier,
            code: heard.code.clone(),
            account: contact.account,
            agency_path,
        };
        let written = Written { address, title: rendered.title, text };
        let id = ctx.new_id::<MessageId>();
        Ok(Some(Message::write(id, origin, topic, template, written, ctx.now())))
    }

    fn zns(&self, heard: &Heard, name: &str) -> Option<Zns> {
        let news = &heard.news;
        let facts = Facts { name, code: &heard.code, time: news.time(), amount: news.amount() };
        self.zns.get(&news.topic())?.fill(facts)
    }
}
