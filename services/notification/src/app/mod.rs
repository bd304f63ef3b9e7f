//! What can be done, one use case per file.

mod arrivals;
mod bounces;
mod costs;
mod deliver;
mod digest;
mod inquiries;
mod notify;
mod preferences;
mod purse;
mod read;
mod remind;
mod render;
mod spool;
mod statuses;
pub mod switches;
mod systems;
mod talks;
mod templates;
mod turns;
mod unsubscribe;
mod webhooks;

use std::{collections::BTreeMap, sync::Arc};

use chrono::TimeDelta;
use motcua_store::Store;

pub(crate) use arrivals::Arrivals;
pub(crate) use bounces::chore as bounces;
pub(crate) use costs::Cost;
pub(crate) use digest::Counted;
pub(crate) use inquiries::Ear;
pub(crate) use notify::Heard;
use notify::Telling;
pub(crate) use preferences::{Change, First};
pub(crate) use purse::Purse;
pub(crate) use render::Renderer;
pub(crate) use statuses::number;
pub(crate) use systems::Addresses;
pub(crate) use talks::{ANSWER, Leftovers, PICTURE, REPLY, Talks};
pub(crate) use templates::{Preview, ZaloPreview};
pub(crate) use turns::Turns;
pub(crate) use webhooks::WebhookChange;

pub(crate) use crate::store::{CostFilter, CostSlot, SpoolFilter};
use crate::{
    config::WebhooksConfig,
    domain::{
        Channel, ClassRules, Leads, LetterRule, Limits, RetryRule, Tariff, Topic, ZnsTemplate,
    },
    grpc::{Catalog, Identity, Intake},
    providers::{Providers, Receivers},
    store::{Inquiries, Messages, Preferred, Reminders, Switches, Webhooks},
};

/// The timer of a message that waits to be handed over, of each channel: whoever is slow on one holds
/// up no other.
pub(crate) const fn delivery(channel: Channel) -> &'static str {
    match channel {
        Channel::Inbox => "message-delivery",
        Channel::Sms => "message-delivery-sms",
        Channel::Email => "message-delivery-email",
        Channel::Zalo => "message-delivery-zalo",
        Channel::Webhook => "message-delivery-webhook",
    }
}

/// The timer of what is awaited of a person, and its end near.
pub(crate) const REMINDER: &str = "reminder";

/// The timer of a message whose provider has not said yet what became of it.
pub(crate) const ARRIVAL: &str = "message-arrival";

/// The timer of an address of a system that was turned off, of which its owner has to hear.
pub(crate) const WEBHOOK_OFF: &str = "webhook-off";

/// The timer of a short message that somebody sent, and awaits an answer.
pub(crate) const INQUIRY: &str = "inquiry";

/// The use cases and what they work with.
#[derive(Clone)]
pub(crate) struct App {
    pub(crate) store: Store,
    pub(crate) messages: Messages,
    pub(crate) inquiries: Inquiries,
    pub(crate) preferred: Preferred,
    pub(crate) reminders: Reminders,
    pub(crate) renderer: Arc<Renderer>,
    pub(crate) intake: Intake,
    pub(crate) catalog: Catalog,
    pub(crate) identity: Identity,
    pub(crate) retry: RetryRule,
    pub(crate) rules: ClassRules,
    pub(crate) leads: Leads,
    pub(crate) limits: Limits,
    pub(crate) turns: Turns,
    pub(crate) providers: Providers,
    pub(crate) tariffs: Arc<BTreeMap<String, Tariff>>,
    pub(crate) switches: Switches,
    pub(crate) arrivals: Arrivals,
    pub(crate) zns: Arc<BTreeMap<Topic, ZnsTemplate>>,
    pub(crate) receipt_awaited: TimeDelta,
    /// Of letters, where it is heard which of them come back.
    pub(crate) letters: Option<LetterRule>,
    pub(crate) hooks: WebhooksConfig,
    pub(crate) webhooks: Webhooks,
    pub(crate) receivers: Arc<Receivers>,
}
