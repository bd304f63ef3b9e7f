use std::borrow::Cow;

use chrono::{DateTime, TimeDelta, Utc};

/// Why a message was not taken or did not arrive: a stable word, and one of few.
pub type Reason = Cow<'static, str>;

/// What the reason begins with of a mail server that speaks of the addressee's mailbox.
pub const MAILBOX: &str = "SMTP_MAILBOX_";

/// What a provider answers to a message that is handed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// It has the message and answers for it.
    Taken(Taken),
    /// It may take it another time.
    Later {
        /// Why not now.
        reason: Reason,
        /// How long at least it asks to be left alone.
        wait: Option<TimeDelta>,
    },
    /// It will never take it.
    Refused {
        /// Why.
        reason: Reason,
    },
}

/// How a provider took a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// By what it knows the message.
    pub id: Option<String>,
    /// In how many parts it went.
    pub segments: u16,
    /// Whether it says later what became of it.
    pub receipt: bool,
}

impl Answer {
    /// Not now.
    pub fn later(reason: impl Into<Reason>) -> Self {
        Self::Later { reason: reason.into(), wait: None }
    }

    /// Never.
    pub fn refused(reason: impl Into<Reason>) -> Self {
        Self::Refused { reason: reason.into() }
    }

    /// The word in numbers.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Taken(_) => "taken",
            Self::Later { .. } => "later",
            Self::Refused { .. } => "refused",
        }
    }

    /// Why it was not taken.
    pub fn reason(&self) -> Option<&Reason> {
        match self {
            Self::Taken(_) => None,
            Self::Later { reason, .. } | Self::Refused { reason } => Some(reason),
        }
    }
}

/// A message's way through a provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handover {
    /// Our word for the provider.
    pub provider: String,
    /// By what it knows the message.
    pub id: Option<String>,
    /// In how many parts it went.
    pub segments: u16,
    /// When it was taken.
    pub at: DateTime<Utc>,
    /// How long taking it took.
    pub took: TimeDelta,
}

/// Of the providers that say something later, the one that says it of failures alone.
const LETTERS: &str = "smtp";

impl Handover {
    /// Whether nothing is said of what arrives: a mail server reports what came back.
    pub fn tells_failures_alone(&self) -> bool {
        self.provider == LETTERS
    }

    /// What it means that nothing was said in its time.
    pub fn silence(&self) -> Arrival {
        if self.tells_failures_alone() { Arrival::Delivered } else { Arrival::Expired }
    }
}

/// What became of a message that was taken, as its provider says later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// Our word for the provider.
    pub provider: String,
    /// By what it knows the message.
    pub id: String,
    /// What became of it.
    pub arrival: Arrival,
}

/// The end of a message's way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrival {
    /// It is where it should be.
    Delivered,
    /// Nobody can be reached there.
    Undeliverable,
    /// Somebody on the way would not carry it.
    Rejected,
    /// It was not taken in within its time.
    Expired,
}

impl Arrival {
    /// All of them.
    pub const ALL: [Self; 4] =
        [Self::Delivered, Self::Undeliverable, Self::Rejected, Self::Expired];

    /// The word in rows, and the reason of those that are a failure.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Delivered => "DELIVERED",
            Self::Undeliverable => "UNDELIVERABLE",
            Self::Rejected => "REJECTED",
            Self::Expired => "EXPIRED",
        }
    }
}
