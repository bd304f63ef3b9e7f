use motcua_ids::{AgencyId, DeskId};

use super::Validity;

/// A counter where dossiers are received and results returned (quầy), for
/// whatever agency is competent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Desk {
    pub id: DeskId,
    /// Unique within its agency.
    pub code: String,
    /// The agency that runs it: dossier codes are minted for it.
    pub agency: AgencyId,
    pub name: String,
    pub address: Option<String>,
    pub telephone: Option<String>,
    pub valid: Validity,
    pub version: i64,
}
