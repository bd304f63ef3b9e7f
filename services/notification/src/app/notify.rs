use motcua_context::{Cause, Ctx, Timestamp};
use motcua_fault::Fault;
use motcua_ids::{AccountId, DossierId, EventId, MessageId};
use motcua_store::Tx;

use super::{App, delivery};
use crate::{
    domain::{
        Address, Channel, Contact, Facts, Language, Message, News, Origin, Preferences, Refusal,
        Spare, Topic, Variant, Written, Zns, current,
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

/// Who is told, where, and how.
pub(super) struct Reached {
    contact: Contact,
    pub(super) addresses: Vec<Address>,
    language: Language,
}

/// What is told, and to whom.
pub(super) struct Telling<'a> {
    /// What its messages come from.
    pub(super) origin: Origin,
    pub(super) news: &'a News,
    pub(super) reached: &'a Reached,
    /// Until when telling it makes sense, where that is known.
    pub(super) until: Option<Timestamp>,
}

impl Reached {
    /// Where somebody is told of a topic, by their preferences.
    pub(super) fn of(contact: Contact, topic: Topic, preferences: &Preferences) -> Self {
        let addresses = contact.addresses(topic, preferences);
        Self { contact, addresses, language: preferences.language }
    }

    /// The account, for whoever has one.
    pub(super) fn account(&self) -> Option<AccountId> {
        self.contact.account
    }
}

impl Heard {
    /// What its messages come from. The path is where the dossier was received, as far as known.
    pub(super) fn origin(&self, event: EventId, agency_path: String, reached: &Reached) -> Origin {
        Origin {
            event,
            family: self.family,
            fact_version: self.version,
            dossier: Some(self.dossier),
            code: self.code.clone(),
            account: reached.contact.account,
            agency_path,
        }
    }
}

impl App {
    /// Writes the messages of some news, one for each of the person's channels.
    /// Whom to tell is asked just before; nobody to tell is no fault.
    pub(crate) async fn notify(&self, ctx: &Ctx, heard: Heard) -> Result<(), Fault> {
        let Cause::Event { event, .. } = *ctx.cause() else {
            return Err(Fault::internal("news without an event"));
        };
        let reached = match self.reached(ctx, &heard).await {
            Ok(reached) => reached,
            Err(fault) => {
                self.settle_before_told(ctx, event, &heard).await?;
                return Err(fault);
            }
        };
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
                let origin = heard.origin(event, path, &reached);
                let news = &heard.news;
                let telling = Telling { origin, news, reached: &reached, until: None };
                // In this order, as whoever reminds does: a reminder is held before a telephone.
                self.remember(tx, ctx, &heard).await?;
                self.tell(tx, ctx, &telling).await
            })
            .await?;
        Ok(())
    }

    /// Whom to tell cannot be asked for now; that something was done is known all the same, and nobody
    /// is to be reminded of it.
    async fn settle_before_told(
        &self,
        ctx: &Ctx,
        event: EventId,
        heard: &Heard,
    ) -> Result<(), Fault> {
        if heard.news.settles().is_empty() {
            return Ok(());
        }
        let cause = Cause::Due { name: "settled-before-told", id: event.uuid(), generation: 0 };
        let ctx = ctx.clone().with_cause(cause);
        let settled = self
            .store
            .write(&ctx, heard.dossier.uuid(), async |tx| self.remember(tx, &ctx, heard).await);
        settled.await.map(drop)
    }

    /// Who is told some news, and where.
    pub(super) async fn reached(&self, ctx: &Ctx, heard: &Heard) -> Result<Reached, Fault> {
        let contact = self.intake.contact(ctx, heard.dossier).await?;
        let preferences = match contact.account {
            Some(account) => self.preferred.get(self.store.reader(), account).await?,
            None => Preferences::default(),
        };
        let topic = heard.news.topic();
        let mut reached = Reached::of(contact, topic, &preferences);
        self.heed_unsubscribed(&mut reached, topic.is_required()).await?;
        Ok(reached)
    }

    /// Writes one message for each address, and sees that each goes out in its time.
    pub(super) async fn tell(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        telling: &Telling<'_>,
    ) -> Result<(), Fault> {
        let addresses = &telling.reached.addresses;
        let now = ctx.now();
        let rule = self.rules.of(telling.news.topic().class());
        let ends = now + rule.expires;
        let expires_at = Some(telling.until.map_or(ends, |until| until.min(ends)));
        let mut messages = Vec::with_capacity(addresses.len());
        for address in addresses {
            if let Some(mut message) = self.write(ctx, telling, address.clone())? {
                message.terms.expires_at = expires_at;
                messages.push(message);
            }
        }
        let since = self.limits.lately(now);
        let repeated = self.messages.repeated(tx.db(), &messages, since).await?;
        let (mut turns, mut at, others) = (0.., now, addresses.len() > 1);
        // What the telephone is told by this telling: no look into the store finds it yet.
        let mut going = Vec::new();
        for message in &mut messages {
            let channel = message.written.address.channel();
            let why = if repeated.contains(&message.id) {
                Some(Spare::Repeated)
            } else {
                self.capped(tx, message, &going, others, now).await?
            };
            if let Some(why) = why {
                message.withhold(why);
            } else if channel != Channel::Inbox {
                if matches!(channel, Channel::Sms | Channel::Zalo) {
                    going.push(message.topic);
                }
                message.terms.turn = if rule.in_turn { turns.next() } else { None };
                let from = if rule.in_turn { at } else { now };
                at = self.turns.earliest(channel, message.topic, from);
                tx.schedule_at_last(delivery(channel), message.id.uuid(), at);
                at += self.rules.turn;
            }
            publish::ended(tx, message, now);
        }
        self.messages.insert(tx, &messages)?;
        self.tell_systems(tx, ctx, telling).await
    }

    /// Whether a message need not go because there were enough, with those `going` to the same
    /// telephone. A limit holds only for whom `others` reach.
    async fn capped(
        &self,
        tx: &Tx,
        message: &Message,
        going: &[Topic],
        others: bool,
        now: Timestamp,
    ) -> Result<Option<Spare>, Fault> {
        let (Address::Sms(phone) | Address::Zalo(phone)) = &message.written.address else {
            return Ok(None);
        };
        let (limits, class) = (self.limits, message.topic.class());
        let rule = self.rules.of(class);
        let Some(since) = limits.today(rule, now) else { return Ok(None) };
        // Also by what no limit holds for: it counts for whoever else tells that telephone something.
        self.messages.hold_telephone(tx.db(), phone).await?;
        if !others {
            return Ok(None);
        }
        let mut told = self.messages.told(tx.db(), phone, since).await?;
        told.extend(going);
        Ok(limits.is_reached(class, rule, &told).then_some(Spare::Capped))
    }

    /// None where Zalo approved no text of this, or the facts do not fill it.
    fn write(
        &self,
        ctx: &Ctx,
        telling: &Telling<'_>,
        address: Address,
    ) -> Result<Option<Message>, Fault> {
        let Telling { origin, news, reached, .. } = telling;
        let (contact, code, topic) = (&reached.contact, &origin.code, news.topic());
        let variant = Variant::of(address.channel());
        let template = current(topic, variant, reached.language).ok_or(Refusal::TemplateUnknown)?;
        let rendered = self.renderer.render(template, news, code, &contact.full_name)?;
        let (template, text) = match &address {
            Address::Zalo(_) => match self.zns(news, code, &contact.full_name) {
                Some(zns) => (zns.name(), zns.text()),
                None => return Ok(None),
            },
            _ => (template.name(), rendered.text),
        };
        let written = Written { address, title: rendered.title, text };
        let id = ctx.new_id::<MessageId>();
        Ok(Some(Message::write(id, origin.clone(), topic, template, written, ctx.now())))
    }

    fn zns(&self, news: &News, code: &str, name: &str) -> Option<Zns> {
        self.zns.get(&news.topic())?.fill(Facts::of(news, name, code))
    }
}
