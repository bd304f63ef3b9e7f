use serde::{Deserialize, Serialize};

/// The electronic process (quy trình điện tử) of officers, from acceptance to
/// the result at the desk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Process {
    /// The decision that approved it, or who designed it.
    pub source: String,
    /// The first is where processing begins.
    pub steps: Vec<Step>,
    /// Quotas that steps share.
    #[serde(default)]
    pub groups: Vec<QuotaGroup>,
}

/// One step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Unique within the process: `tham-dinh`.
    pub code: String,
    /// What is done.
    pub name: String,
    /// Who does it.
    pub role: StepRole,
    /// Code of the unit in the agency; none: the agency itself.
    pub unit: Option<String>,
    /// Identifier code of another agency; none: the competent agency.
    pub agency: Option<String>,
    /// Working minutes; zero where it draws on its group's quota.
    pub quota_minutes: i64,
    /// The group whose quota it draws on.
    pub group: Option<String>,
    /// What may follow. Empty: the result goes to the desk.
    pub next: Vec<String>,
    /// Whom it asks beside.
    #[serde(default)]
    pub consults: Vec<Consultation>,
    /// Here the draft of the result is written.
    #[serde(default)]
    pub drafts_result: bool,
    /// Here the result is approved (ký duyệt).
    #[serde(default)]
    pub approves: bool,
}

/// Working time several steps share.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuotaGroup {
    /// Unique within the process.
    pub code: String,
    /// Working minutes of all its steps together.
    pub quota_minutes: i64,
}

/// Another agency asked beside a step (lấy ý kiến).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consultation {
    /// Unique within the step.
    pub code: String,
    /// What is asked.
    pub name: String,
    /// Identifier code of the agency asked.
    pub agency: String,
    /// Who answers.
    pub role: StepRole,
    /// Code of the unit there; none: the agency itself.
    pub unit: Option<String>,
    /// Working minutes to answer; within the step's own.
    pub quota_minutes: i64,
}

/// Who does a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepRole {
    /// Cán bộ một cửa.
    DeskOfficer,
    /// Chuyên viên.
    Specialist,
    /// Trưởng phòng.
    HeadOfUnit,
    /// Lãnh đạo.
    Leader,
}
