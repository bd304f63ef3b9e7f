use std::collections::{BTreeMap, BTreeSet};

use motcua_ids::AgencyPath;
use serde::{Deserialize, Serialize};

use super::{Refusal, Role};

/// The steps one dossier follows, kept with its process: what the catalog
/// publishes later does not touch it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Definition {
    /// The decision that approved the process.
    pub source: String,
    /// The first is where processing begins.
    pub steps: Vec<Step>,
    /// Working minutes that several steps share, by the group's code.
    pub groups: BTreeMap<String, i64>,
}

/// One step, at its post.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Unique within the definition.
    pub code: String,
    /// What people read.
    pub name: String,
    /// Who does it.
    pub role: Role,
    /// The agency or unit whose officers do it.
    pub post: AgencyPath,
    /// How long it may take.
    pub quota: Quota,
    /// Steps that may follow; none: the result goes to the desk.
    pub next: Vec<String>,
    /// Other agencies asked beside it.
    pub consults: Vec<Consult>,
    /// Here the draft of the result is written.
    pub drafts: bool,
    /// Here the result is approved.
    pub approves: bool,
}

/// How long a step may take.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Quota {
    /// Working minutes of its own; 0: not counted.
    Own(i64),
    /// The working minutes of this group, shared with its other steps.
    Shared(String),
}

/// Another agency's opinion, asked for beside a step (lấy ý kiến).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consult {
    /// Unique within its step.
    pub code: String,
    /// What people read.
    pub name: String,
    /// The agency or unit asked.
    pub post: AgencyPath,
    /// Who answers.
    pub role: Role,
    /// Working minutes; 0: not counted.
    pub quota: i64,
}

impl Definition {
    /// Where processing begins.
    pub fn first(&self) -> Option<&Step> {
        self.steps.first()
    }

    /// The step with this code.
    pub fn step(&self, code: &str) -> Option<&Step> {
        self.steps.iter().find(|step| step.code == code)
    }

    /// Every agency or unit that takes part.
    pub fn posts(&self) -> impl Iterator<Item = &AgencyPath> {
        self.steps.iter().flat_map(|step| {
            std::iter::once(&step.post).chain(step.consults.iter().map(|consult| &consult.post))
        })
    }

    /// Working minutes a step may take, with the steps of its group.
    pub fn quota_of(&self, step: &Step) -> i64 {
        match &step.quota {
            Quota::Own(minutes) => *minutes,
            Quota::Shared(group) => self.groups.get(group).copied().unwrap_or_default(),
        }
    }

    /// Refuses a definition by which no dossier could reach a result.
    pub fn check(&self) -> Result<(), Refusal> {
        self.flaw().map_or(Ok(()), |flaw| Err(Refusal::DefinitionUnusable { flaw }))
    }

    fn flaw(&self) -> Option<String> {
        let codes: BTreeSet<_> = self.steps.iter().map(|step| step.code.as_str()).collect();
        if codes.len() != self.steps.len() {
            return Some("step_repeated".into());
        }
        let Some(first) = self.first() else { return Some("no_steps".into()) };
        for step in &self.steps {
            if let Some(next) = step.next.iter().find(|next| !codes.contains(next.as_str())) {
                return Some(format!("next_unknown:{}:{next}", step.code));
            }
            if let Quota::Shared(group) = &step.quota
                && !self.groups.contains_key(group)
            {
                return Some(format!("group_unknown:{}:{group}", step.code));
            }
        }
        let reached = self.reached_from(first);
        if let Some(lost) = codes.difference(&reached).next() {
            return Some(format!("unreachable:{lost}"));
        }
        let one = |test: fn(&Step) -> bool| self.steps.iter().any(test);
        if !one(|step| step.next.is_empty()) {
            return Some("no_end".into());
        }
        if !one(|step| step.drafts) {
            return Some("no_draft".into());
        }
        if !one(|step| step.approves) {
            return Some("no_approval".into());
        }
        None
    }

    fn reached_from<'a>(&'a self, first: &'a Step) -> BTreeSet<&'a str> {
        let mut reached = BTreeSet::new();
        let mut ahead = vec![first];
        while let Some(step) = ahead.pop() {
            if reached.insert(step.code.as_str()) {
                ahead.extend(step.next.iter().filter_map(|code| self.step(code)));
            }
        }
        reached
    }
}

impl Step {
    /// The consult with this code.
    pub fn consult(&self, code: &str) -> Option<&Consult> {
        self.consults.iter().find(|consult| consult.code == code)
    }
}
