//! How messages came on, without their words.

use chrono::{DateTime, Utc};
use motcua_ids::{DossierId, MessageId};

use super::{Arrival, Channel, Message, MessageState, Topic};

type Timestamp = DateTime<Utc>;

/// How far a message came, in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// See [`MessageState::Queued`].
    Queued,
    /// See [`MessageState::Sent`].
    Sent,
    /// See [`MessageState::Delivered`].
    Delivered,
    /// See [`MessageState::Failed`].
    Failed,
    /// See [`MessageState::Expired`].
    Expired,
    /// See [`MessageState::Spared`].
    Spared,
}

/// A message came to a state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// Grows from one change to the next.
    pub sequence: i64,
    /// Which message.
    pub message: MessageId,
    /// The dossier it is about, if it is about one.
    pub dossier: Option<DossierId>,
    /// Its code.
    pub code: String,
    /// What it is about.
    pub topic: Topic,
    /// Where it goes.
    pub channel: Channel,
    /// How far it came.
    pub state: Stage,
    /// Why, where there is a reason.
    pub reason: String,
    /// When.
    pub at: Timestamp,
}

impl Stage {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Queued, Self::Sent, Self::Delivered, Self::Failed, Self::Expired, Self::Spared];

    /// The word in rows.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
            Self::Expired => "expired",
            Self::Spared => "spared",
        }
    }
}

impl Message {
    /// How far it came, why, and since when.
    pub fn status(&self) -> (Stage, &str, Timestamp) {
        match &self.state {
            MessageState::Queued { .. } => (Stage::Queued, "", self.created_at),
            MessageState::Sent { at, .. } => (Stage::Sent, "", *at),
            MessageState::Delivered { at, .. } => (Stage::Delivered, "", *at),
            MessageState::Failed { at, reason, .. } => (Stage::Failed, reason, *at),
            MessageState::Expired { at, .. } => (Stage::Expired, Arrival::Expired.word(), *at),
            MessageState::Spared { at, why, .. } => (Stage::Spared, why.word(), *at),
        }
    }
}
