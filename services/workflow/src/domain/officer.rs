use motcua_ids::{AgencyId, AgencyPath};
use serde::{Deserialize, Serialize};

use super::{Refusal, Role};

/// An officer as identity told of them, for giving them work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownOfficer {
    /// May not sign in.
    pub disabled: bool,
    /// The roles that do steps.
    pub grants: Vec<KnownGrant>,
}

/// A role held in an agency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownGrant {
    /// The role.
    pub role: Role,
    /// Where it is held.
    pub agency: AgencyId,
}

impl KnownOfficer {
    /// Refuses an officer who could not do a task of this role at this post.
    /// A leader may stand in for the head of a unit below.
    pub fn suits(&self, role: Role, post: &AgencyPath) -> Result<(), Refusal> {
        let suitable = self.grants.iter().any(|grant| match grant.role {
            Role::Leader => {
                matches!(role, Role::Leader | Role::HeadOfUnit) && post.contains(grant.agency)
            }
            held => held == role && grant.agency == post.agency(),
        });
        if suitable && !self.disabled { Ok(()) } else { Err(Refusal::AssigneeUnsuitable) }
    }
}
