use serde::{Deserialize, Serialize};

/// How a person wants to be told, beside the inbox, which is always on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Preferences {
    /// Short messages.
    pub sms: ChannelUse,
    /// E-mail.
    pub email: ChannelUse,
    /// Zalo, for those who choose it.
    pub zalo: ChannelUse,
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
        Self {
            sms: ChannelUse::RequiredOnly,
            email: ChannelUse::All,
            zalo: ChannelUse::Off,
            version: 0,
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
