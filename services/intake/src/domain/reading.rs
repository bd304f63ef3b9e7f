//! What is read back: lines of lists, acts of the timeline.

use chrono::{DateTime, Utc};
use motcua_ids::{AccountId, AgencyId, DossierId, ProcedureId};

use super::{Channel, State};

/// What narrows a list.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Empty: any state.
    pub states: Vec<State>,
    /// One procedure.
    pub procedure: Option<ProcedureId>,
    /// One channel.
    pub channel: Option<Channel>,
    /// The applicant's, normalised; empty: anybody.
    pub phone: String,
    /// The applicant's twelve digits; empty: anybody.
    pub citizen_number: String,
}

/// A line of a list.
#[derive(Clone)]
pub struct Summary {
    /// The dossier.
    pub id: DossierId,
    /// Once minted.
    pub code: Option<String>,
    /// `None`: a state of a newer release.
    pub state: Option<State>,
    /// National number of the procedure.
    pub number: String,
    /// Its title.
    pub name: String,
    /// `None`: a channel of a newer release.
    pub channel: Option<Channel>,
    /// Chủ hồ sơ; personal data.
    pub applicant: String,
    /// Whose it is, where they have an account.
    pub account: Option<AccountId>,
    /// Whose desk receives it.
    pub receiving: AgencyId,
    /// Who decides.
    pub competent: AgencyId,
    /// When it was begun.
    pub created_at: DateTime<Utc>,
    /// Ngày nộp.
    pub submitted_at: Option<DateTime<Utc>>,
    /// Until when the desk must answer.
    pub reply_due_at: Option<DateTime<Utc>>,
    /// Ngày hẹn trả.
    pub promised_due_at: Option<DateTime<Utc>>,
}

/// One act of the timeline.
#[derive(Clone)]
pub struct Act {
    /// The dossier's version after it.
    pub version: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// The verb of the law.
    pub verb: String,
    /// Where it led; `None`: a state of a newer release.
    pub state: Option<State>,
    /// In what capacity.
    pub capacity: String,
    /// By whom.
    pub actor: Option<AccountId>,
    /// Why; personal data.
    pub reason: String,
}
