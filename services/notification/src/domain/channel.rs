use motcua_ids::{AccountId, WebhookId};
use motcua_vn::{EmailAddress, PhoneNumber};
use serde::{Deserialize, Serialize};

/// Kênh thông báo: where a message goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// The account's inbox.
    Inbox,
    /// A short message to a mobile telephone.
    Sms,
    /// Thư điện tử.
    Email,
    /// Tin Zalo: a text approved there, to whoever has a telephone's account.
    Zalo,
    /// An organisation's own system.
    Webhook,
}

impl Channel {
    /// Every channel, in the order in which a person is told where they take turns;
    /// systems are told beside them.
    pub const ALL: [Self; 5] = [Self::Inbox, Self::Zalo, Self::Sms, Self::Email, Self::Webhook];

    /// The word in rows.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Inbox => "inbox",
            Self::Sms => "sms",
            Self::Email => "email",
            Self::Zalo => "zalo",
            Self::Webhook => "webhook",
        }
    }
}

/// A channel with the one it reaches there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Address {
    /// The inbox of an account.
    Inbox(AccountId),
    /// A mobile telephone.
    Sms(PhoneNumber),
    /// A mailbox.
    Email(EmailAddress),
    /// The Zalo account of a mobile telephone.
    Zalo(PhoneNumber),
    /// Where an organisation's own system is told.
    Webhook(WebhookId),
}

impl Address {
    /// The channel.
    pub const fn channel(&self) -> Channel {
        match self {
            Self::Inbox(_) => Channel::Inbox,
            Self::Sms(_) => Channel::Sms,
            Self::Email(_) => Channel::Email,
            Self::Zalo(_) => Channel::Zalo,
            Self::Webhook(_) => Channel::Webhook,
        }
    }

    /// Whether it is a mailbox.
    pub const fn is_mailbox(&self) -> bool {
        matches!(self, Self::Email(_))
    }

    /// What tells this recipient from every other on the channel: personal data.
    pub fn key(&self) -> String {
        match self {
            Self::Inbox(account) => account.name(),
            Self::Sms(phone) | Self::Zalo(phone) => phone.e164().to_owned(),
            Self::Email(address) => address.key(),
            Self::Webhook(webhook) => webhook.name(),
        }
    }

    /// For people who may know that a message went out; empty in the inbox.
    pub fn masked(&self) -> String {
        match self {
            Self::Inbox(_) => String::new(),
            Self::Sms(phone) | Self::Zalo(phone) => phone.masked(),
            Self::Email(address) => address.masked(),
            Self::Webhook(webhook) => webhook.name(),
        }
    }
}
