use std::collections::{BTreeMap, BTreeSet};

use motcua_ids::AgencyPath;
use serde::{Deserialize, Serialize};

use super::{Consult, Definition, Quota, Role, Step};

/// An electronic process as the catalog publishes it: agencies and units are
/// codes, quotas are checked against the longest limit of the procedure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// The decision that approved it.
    pub source: String,
    /// In the order of work; the first is where processing begins.
    pub steps: Vec<PlannedStep>,
    /// Working minutes that several steps share, by the group's code.
    #[serde(default)]
    pub groups: BTreeMap<String, i64>,
    /// The working minutes the quotas add up to; 0: quotas are taken as they are.
    pub base_minutes: i64,
}

/// One step of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlannedStep {
    /// Unique within the plan.
    pub code: String,
    /// What people read.
    pub name: String,
    /// Who does it.
    pub role: Role,
    /// Identifier code of another agency; absent: the competent one, and for a
    /// desk officer's step the receiving one.
    #[serde(default)]
    pub agency: Option<String>,
    /// Code of a unit in that agency.
    #[serde(default)]
    pub unit: Option<String>,
    /// How long it may take.
    pub quota: Quota,
    /// Steps that may follow; none: the result goes to the desk.
    #[serde(default)]
    pub next: Vec<String>,
    /// Other agencies asked beside it.
    #[serde(default)]
    pub consults: Vec<PlannedConsult>,
    /// Here the draft of the result is written.
    #[serde(default)]
    pub drafts: bool,
    /// Here the result is approved.
    #[serde(default)]
    pub approves: bool,
}

/// Another agency asked beside a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlannedConsult {
    /// Unique within its step.
    pub code: String,
    /// What people read.
    pub name: String,
    /// Identifier code of the agency asked.
    pub agency: String,
    /// Code of a unit in it.
    #[serde(default)]
    pub unit: Option<String>,
    /// Who answers.
    pub role: Role,
    /// Working minutes; 0: not counted.
    pub quota: i64,
}

/// An agency with its units, by `unit_code`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The agency itself.
    pub agency: AgencyPath,
    /// Its units.
    pub units: BTreeMap<String, AgencyPath>,
}

/// The agencies a dossier's process runs through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places {
    /// Whose desk received the dossier.
    pub receiving: AgencyPath,
    /// Who decides.
    pub competent: Place,
    /// The others the plan names, by identifier code.
    pub others: BTreeMap<String, Place>,
}

impl Plan {
    /// Identifier codes of the agencies it names beside the competent one.
    pub fn agencies(&self) -> BTreeSet<&str> {
        self.steps
            .iter()
            .flat_map(|step| {
                step.agency
                    .as_deref()
                    .into_iter()
                    .chain(step.consults.iter().map(|consult| consult.agency.as_str()))
            })
            .collect()
    }

    /// The process of procedures that publish none: the head assigns, a
    /// specialist drafts, the leader approves.
    pub fn plain() -> Result<Self, serde_json::Error> {
        serde_json::from_str(include_str!("../../data/plain_process.json"))
    }

    /// The definition one dossier follows: every step at its post, and every
    /// quota in proportion to the dossier's own limit (in working minutes).
    pub fn place(&self, places: &Places, limit_minutes: Option<i64>) -> Definition {
        // Quotas are shares of the base; a dossier without a limit has nothing to share.
        // Rounded down, so that all of them together never exceed the limit.
        let scale = |quota: i64| match limit_minutes {
            _ if self.base_minutes == 0 || quota == 0 => quota,
            Some(limit) => (quota * limit / self.base_minutes).max(1),
            None => 0,
        };
        let steps = self
            .steps
            .iter()
            .map(|step| Step {
                code: step.code.clone(),
                name: step.name.clone(),
                role: step.role,
                post: places.post(step.role, step.agency.as_deref(), step.unit.as_deref()),
                quota: match &step.quota {
                    Quota::Own(minutes) => Quota::Own(scale(*minutes)),
                    shared @ Quota::Shared(_) => shared.clone(),
                },
                next: step.next.clone(),
                consults: step
                    .consults
                    .iter()
                    .map(|consult| Consult {
                        code: consult.code.clone(),
                        name: consult.name.clone(),
                        post: places.post(
                            consult.role,
                            Some(&consult.agency),
                            consult.unit.as_deref(),
                        ),
                        role: consult.role,
                        quota: scale(consult.quota),
                    })
                    .collect(),
                drafts: step.drafts,
                approves: step.approves,
            })
            .collect();
        let groups =
            self.groups.iter().map(|(code, quota)| (code.clone(), scale(*quota))).collect();
        Definition { source: self.source.clone(), steps, groups }
    }
}

impl Places {
    /// A unit that the agency does not have falls to the agency itself, and an
    /// agency nobody knows to the competent one: work is never left without a queue.
    fn post(&self, role: Role, agency: Option<&str>, unit: Option<&str>) -> AgencyPath {
        let named = agency.and_then(|code| self.others.get(code));
        if named.is_none() && unit.is_none() && role == Role::DeskOfficer {
            return self.receiving.clone();
        }
        let place = named.unwrap_or(&self.competent);
        unit.and_then(|code| place.units.get(code)).unwrap_or(&place.agency).clone()
    }
}
