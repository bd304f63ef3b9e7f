use motcua_ids::{AgencyId, DeskId};

use super::{Refusal, Validity};

/// A counter where dossiers are received and results returned (quầy), for
/// whatever agency is competent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Desk {
    /// The id.
    pub id: DeskId,
    /// Unique within its agency.
    pub code: String,
    /// The agency that runs it: dossier codes are minted for it.
    pub agency: AgencyId,
    /// What it is called.
    pub name: String,
    /// Where it is.
    pub address: Option<String>,
    /// Whom to call.
    pub telephone: Option<String>,
    /// When it is open.
    pub valid: Validity,
    /// Grows with every change.
    pub version: i64,
}

impl Desk {
    /// What an editor shows to say which state was read.
    pub fn etag(&self) -> String {
        format!("v{}", self.version)
    }

    /// Refuses what was decided on a state that somebody changed in between.
    pub fn held_by(&self, etag: &str) -> Result<(), Refusal> {
        if etag.is_empty() || etag == self.etag() { Ok(()) } else { Err(Refusal::EtagMismatch) }
    }
}
