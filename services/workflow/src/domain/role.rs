use serde::{Deserialize, Serialize};

/// Who may do a step. The other roles of the system do no steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Cán bộ một cửa.
    DeskOfficer,
    /// Chuyên viên.
    Specialist,
    /// Trưởng phòng.
    HeadOfUnit,
    /// Lãnh đạo.
    Leader,
}
