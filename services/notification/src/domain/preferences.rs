use serde::{Deserialize, Serialize};

use super::{Channel, Language};

/// How a person wants to be told, beside the inbox, which is always on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Preferences {
    /// Short messages.
    pub sms: ChannelUse,
    /// E-mail.
    pub email: ChannelUse,
    /// Zalo, for those who choose it.
    pub zalo: ChannelUse,
    /// Which is told first where channels take turns; none: nobody chose.
    pub first: Option<Channel>,
    /// The language of what they are told.
    pub language: Language,
    /// Whether an officer is told each working morning what awaits them.
    pub digest: bool,
    /// Grows with every change; 0 for those nobody changed.
    pub version: i64,
}

/// What a channel is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChannelUse {
    /// Everything.
    All,
    /// Only what the law says must be told.
    RequiredOnly,
    /// Nothing.
    Off,
}

impl Default for Preferences {
    fn default() -> Self {
        let (sms, email) = (ChannelUse::RequiredOnly, ChannelUse::All);
        let zalo = ChannelUse::Off;
        let language = Language::default();
        Self { sms, email, zalo, first: None, language, digest: true, version: 0 }
    }
}

impl Preferences {
    /// What a channel is used for; none of the inbox, which is always on, and of
    /// systems, which their owners turn off themselves.
    pub const fn of(&self, channel: Channel) -> Option<ChannelUse> {
        match channel {
            Channel::Inbox | Channel::Webhook => None,
            Channel::Zalo => Some(self.zalo),
            Channel::Sms => Some(self.sms),
            Channel::Email => Some(self.email),
        }
    }
}

impl ChannelUse {
    /// Whether something is told there that must, or need not, be told.
    pub const fn covers(self, required: bool) -> bool {
        match self {
            Self::All => true,
            Self::RequiredOnly => required,
            Self::Off => false,
        }
    }
}
