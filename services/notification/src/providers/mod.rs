//! The ways out: whoever carries messages to people. Each takes one written message at a time and
//! says whether it has it; what follows from that is the domain's. A message is handed over at
//! least once: a repeat bears the same reference, made of the message's id.

mod gateway;
mod magic;
mod smpp;
mod smtp;
mod spool;
mod viettel;
mod vinaphone;
mod watched;
mod zalo;

use std::sync::Arc;

use futures::future::BoxFuture;
use motcua_context::Timestamp;
use motcua_fault::Fault;

pub(crate) use self::{
    watched::{Watched, heard},
    zalo::{Holder, Oauth},
};
use self::{
    magic::Magic, smpp::Smpp, smtp::Smtp, spool::Spool, viettel::Viettel, vinaphone::Vinaphone, zalo::Zalo,
};
use crate::{
    config::NotificationConfig,
    domain::{Answer, Channel, Message, Receipt},
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

/// The providers of the configuration.
#[derive(Clone)]
pub(crate) struct Providers {
    sms: Arc<Watched>,
    email: Arc<Watched>,
    zalo: Option<Arc<Watched>>,
    magic: Option<Arc<Watched>>,
    smpp: Option<Arc<Smpp>>,
}

impl Providers {
    /// Makes the ways to them; nobody is spoken to yet.
    pub(crate) fn new(
        config: &NotificationConfig,
        listener: Listener,
        holder: Option<Arc<dyn Holder>>,
    ) -> anyhow::Result<Self> {
        let spool = Arc::new(Spool::new(config.spool_dir.as_deref()));
        let smpp =
            config.smpp.address.as_ref().map(|address| {
                Arc::new(Smpp::new(address.clone(), &config.smpp, listener.clone()))
            });
        let sms = match (&smpp, &config.vinaphone, &config.viettel) {
            (Some(smpp), ..) => Watched::new("smpp", smpp.clone()),
            (_, Some(own), _) => Watched::new("vinaphone", Arc::new(Vinaphone::new(own.clone())?)),
            (_, _, Some(own)) => Watched::new("viettel", Arc::new(Viettel::new(own.clone())?)),
            (None, None, None) => Watched::new("spool", spool.clone()),
        };
        let email = match &config.smtp.host {
            Some(host) => Watched::new("smtp", Arc::new(Smtp::new(host, &config.smtp)?)),
            None => Watched::new("spool", spool),
        };
        let zalo = match (&config.zalo, holder) {
            (Some(own), Some(holder)) => {
                Some(Watched::new("zalo", Arc::new(Zalo::new(own.clone(), holder)?)))
            }
            _ => None,
        };
        let magic = config.magic.then(|| Watched::new("magic", Arc::new(Magic::new(listener))));
        Ok(Self { sms, email, zalo, magic, smpp })
    }

    /// Who carries this message; nobody what lies in an inbox.
    pub(crate) fn of(&self, message: &Message) -> Option<&Watched> {
        let address = &message.written.address;
        if let Some(magic) = self.magic.as_deref().filter(|_| magic::is_magic(address)) {
            return Some(magic);
        }
        match address.channel() {
            Channel::Inbox => None,
            Channel::Sms => Some(&self.sms),
            Channel::Email => Some(&self.email),
            Channel::Zalo => self.zalo.as_deref(),
        }
    }

    /// Sees that those who say something by themselves are listened to.
    pub(crate) fn listen(&self) {
        if let Some(smpp) = &self.smpp {
            smpp.listen();
        }
    }
}
