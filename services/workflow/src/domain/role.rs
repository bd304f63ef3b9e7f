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

impl Role {
    /// Every role that does steps.
    pub const ALL: [Self; 4] =
        [Self::DeskOfficer, Self::Specialist, Self::HeadOfUnit, Self::Leader];

    /// The word in rows.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::DeskOfficer => "desk_officer",
            Self::Specialist => "specialist",
            Self::HeadOfUnit => "head_of_unit",
            Self::Leader => "leader",
        }
    }

    /// Reads the word in rows.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == word)
    }
}
