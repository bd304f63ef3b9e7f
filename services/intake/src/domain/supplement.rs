//! One round of supplement (bổ sung hồ sơ).

use chrono::{DateTime, Utc};
use motcua_ids::SupplementId;

/// Where a round stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoundState {
    /// The citizen is to act.
    Requested,
    /// The citizen has answered.
    Provided,
    /// The deadline passed.
    Expired,
    /// The dossier ended meanwhile.
    Cancelled,
}

impl RoundState {
    /// The word in rows.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Provided => "provided",
            Self::Expired => "expired",
            Self::Cancelled => "cancelled",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Requested, Self::Provided, Self::Expired, Self::Cancelled]
            .into_iter()
            .find(|state| state.as_str() == word)
    }
}

/// One round: what was asked, and what came of it. The words are kept apart, sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Supplement {
    /// Its id.
    pub id: SupplementId,
    /// Counted from 1 over the dossier's life.
    pub round: u32,
    /// Where it stands.
    pub state: RoundState,
    /// Asked before acceptance; otherwise during processing.
    pub before_acceptance: bool,
    /// Codes of the papers asked for.
    pub papers: Vec<String>,
    /// Dotted paths of answers to correct.
    pub answers: Vec<String>,
    /// The specialist's ask it forwards, `supplements/<uuid>` of workflow.
    pub ask: Option<SupplementId>,
    /// When the citizen was asked.
    pub requested_at: DateTime<Utc>,
    /// Until when the citizen may answer.
    pub deadline: DateTime<Utc>,
    /// When the round ended.
    pub ended_at: Option<DateTime<Utc>>,
}
