use serde::{Deserialize, Serialize};

/// The electronic process (quy trình điện tử) of officers, from acceptance to
/// the result at the desk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Process {
    /// The decision that approved it, or who designed it.
    pub source: String,
    /// The first is where processing begins.
    pub steps: Vec<Step>,
    #[serde(default)]
    pub groups: Vec<QuotaGroup>,
}

/// One step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    pub code: String,
    pub name: String,
    pub role: StepRole,
    /// Code of the unit in the agency; none: the agency itself.
    pub unit: Option<String>,
    /// Identifier code of another agency; none: the competent agency.
    pub agency: Option<String>,
    /// Working minutes; zero where it draws on its group's quota.
    pub quota_minutes: i64,
    pub group: Option<String>,
    /// What may follow. Empty: the result goes to the desk.
    pub next: Vec<String>,
    #[serde(default)]
    pub consults: Vec<Consultation>,
    #[serde(default)]
    pub drafts_result: bool,
    #[serde(default)]
    pub approves: bool,
}

/// Working time several steps share.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuotaGroup {
    pub code: String,
    pub quota_minutes: i64,
}

/// Another agency asked beside a step (lấy ý kiến).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consultation {
    pub code: String,
    pub name: String,
    /// Identifier code of the agency asked.
    pub agency: String,
    pub role: StepRole,
    pub unit: Option<String>,
    pub quota_minutes: i64,
}

/// Who does a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepRole {
    DeskOfficer,
    Specialist,
    HeadOfUnit,
    Leader,
}
