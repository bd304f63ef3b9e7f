//! The ways out: whoever carries messages to people. Each takes one written message at a time and
//! says whether it has it; what follows from that is the domain's. A message is handed over at
//! least once: a repeat bears the same reference, made of the message's id.

mod bounces;
mod gateway;
mod magic;
mod proved;
mod smpp;
mod smtp;
mod spool;
mod viettel;
mod vinaphone;
mod watched;
mod webhook;
mod zalo;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use futures::future::BoxFuture;
use motcua_context::Timestamp;
use motcua_fault::Fault;

pub(crate) use self::{
    bounces::{Mailbox, Opened, ReturnAddress, Returned},
    smtp::{Stopper, Unsubscribing},
    watched::{Watched, arrived, heard},
    webhook::{Receivers, Registry, Webhooks},
    zalo::{Hearer, Holder, Miss, Oauth, Talk, routes as zalo_events},
};
use self::{
    magic::Magic, smpp::Smpp, smtp::Smtp, spool::Spool, viettel::Viettel, vinaphone::Vinaphone,
    zalo::Zalo,
};
use crate::{
    config::{self, Carrier, NotificationConfig},
    domain::{Answer, Candidate, Channel, Message, Receipt, Said, ShiftRule, Tariff, choose},
};

/// Somebody who carries messages.
#[async_trait::async_trait]
pub(crate) trait Provider: Send + Sync {
    /// Hands a message over. Its id is the reference by which a repeat is recognised.
    async fn send(&self, now: Timestamp, message: &Message) -> Answer;
}

/// Who is told what providers say later. Once it has answered, the provider may forget.
pub(crate) type Listener =
    Arc<dyn Fn(Receipt) -> BoxFuture<'static, Result<(), Fault>> + Send + Sync>;

/// Who is told what people send us; the same.
pub(crate) type Asker = Arc<dyn Fn(Said) -> BoxFuture<'static, Result<(), Fault>> + Send + Sync>;

/// Addresses of ours in each letter.
pub(crate) struct Letters {
    /// Where it comes back to, if that is heard.
    pub(crate) returns: Option<ReturnAddress>,
    /// Where its like are stopped.
    pub(crate) unsubscribing: Unsubscribing,
}

/// Those of a channel, with their weights.
type Lane = Vec<(Arc<Watched>, u32)>;

/// The providers of the configuration.
#[derive(Clone)]
pub(crate) struct Providers {
    lanes: Arc<BTreeMap<Channel, Lane>>,
    rule: ShiftRule,
    magic: (config::Magic, Arc<Watched>),
    smpp: Option<Arc<Smpp>>,
}

/// Where a message goes next.
pub(crate) enum Way<'a> {
    /// Nowhere: it lies in an inbox.
    Inbox,
    /// An operator has taken out everybody who could carry it.
    Closed,
    /// By this provider.
    By(&'a Watched),
}

impl Providers {
    /// Makes the ways to them; nobody is spoken to yet.
    pub(crate) fn new(
        config: &NotificationConfig,
        listener: Listener,
        asker: Asker,
        holder: Option<&Arc<dyn Holder>>,
        webhooks: Webhooks,
        letters: &Letters,
    ) -> anyhow::Result<Self> {
        let rule = config.shift.rule();
        let mut tariffs = config.tariffs();
        let smpp = config.smpp.address.as_ref().map(|address| {
            Arc::new(Smpp::new(address.clone(), &config.smpp, listener.clone(), asker))
        });
        let mut lanes = BTreeMap::<Channel, Lane>::new();
        for carrier in Carrier::ALL {
            let Some(weight) = config.weight(carrier) else { continue };
            let provider = match carrier {
                Carrier::Smpp => smpp.clone().map(|smpp| smpp as Arc<dyn Provider>),
                Carrier::Smtp => made(config.smtp.host.as_ref(), |host: &String| {
                    Smtp::new(
                        host,
                        &config.smtp,
                        letters.returns.clone(),
                        letters.unsubscribing.clone(),
                    )
                })?,
                Carrier::Vinaphone => made(config.vinaphone.clone(), Vinaphone::new)?,
                Carrier::Viettel => made(config.viettel.clone(), Viettel::new)?,
                Carrier::Zalo => {
                    made(config.zalo.clone().zip(holder.cloned()), |(own, holder)| {
                        Zalo::new(own, holder)
                    })?
                }
            };
            let lane = lanes.entry(carrier.channel()).or_default();
            let tariff = tariffs.remove(carrier.name()).unwrap_or_default();
            let watched = |of| (Watched::new(carrier.name(), of, rule, tariff), weight);
            lane.extend(provider.map(watched));
        }
        let spool = Arc::new(Spool::new(config.spool_dir.as_deref()));
        for channel in [Channel::Sms, Channel::Email] {
            let spool = || vec![(Watched::new("spool", spool.clone(), rule, Tariff::default()), 1)];
            lanes.entry(channel).or_insert_with(spool);
        }
        // Each is somebody's own: that one fails says nothing of the others.
        let alone = ShiftRule { least: usize::MAX, ..rule };
        let webhooks = Watched::new("webhook", Arc::new(webhooks), alone, Tariff::default());
        lanes.insert(Channel::Webhook, vec![(webhooks, 1)]);
        let magic = Arc::new(Magic::new(listener));
        let magic = (config.magic, Watched::new("magic", magic, rule, Tariff::default()));
        Ok(Self { lanes: Arc::new(lanes), rule, magic, smpp })
    }

    /// Who carries this message at its next try, past those that an operator has taken out.
    pub(crate) fn way(
        &self,
        now: Timestamp,
        message: &Message,
        attempts: u16,
        out: &BTreeSet<String>,
    ) -> Way<'_> {
        let address = &message.written.address;
        let (which, magic) = &self.magic;
        if magic::is_magic(*which, address) {
            return Way::By(magic);
        }
        let channel = address.channel();
        if channel == Channel::Inbox {
            return Way::Inbox;
        }
        let lane = self.lanes.get(&channel).map(Vec::as_slice).unwrap_or_default();
        let there = lane.iter().filter(|(one, _)| !out.contains(one.name()));
        let candidates: Vec<_> = there
            .map(|(one, weight)| Candidate {
                name: one.name(),
                weight: *weight,
                standing: one.standing(now),
            })
            .collect();
        let chosen = choose(message.id, attempts, &candidates, self.rule);
        let by = lane.iter().find(|(one, _)| Some(one.name()) == chosen);
        by.map_or(Way::Closed, |(one, _)| Way::By(one))
    }

    /// Sees that those who say something by themselves are listened to.
    pub(crate) fn listen(&self) {
        if let Some(smpp) = &self.smpp {
            smpp.listen();
        }
    }
}

fn made<C, P: Provider + 'static>(
    config: Option<C>,
    make: impl FnOnce(C) -> anyhow::Result<P>,
) -> anyhow::Result<Option<Arc<dyn Provider>>> {
    let Some(config) = config else { return Ok(None) };
    Ok(Some(Arc::new(make(config)?)))
}
