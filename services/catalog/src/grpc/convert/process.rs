//! The electronic process.

use motcua_fault::Violations;
use motcua_proto::catalog::v1 as proto;

use super::{maybe_text, or_empty, words};
use crate::domain::{Consultation, Process, QuotaGroup, Step};

pub(super) fn process_message(process: &Process, base: Option<i64>) -> proto::ElectronicProcess {
    proto::ElectronicProcess {
        source: process.source.clone(),
        steps: process.steps.iter().map(step_message).collect(),
        quota_groups: process
            .groups
            .iter()
            .map(|g| proto::QuotaGroup { code: g.code.clone(), quota_minutes: g.quota_minutes })
            .collect(),
        base_minutes: base.unwrap_or(0),
    }
}

fn step_message(step: &Step) -> proto::ProcessStep {
    proto::ProcessStep {
        code: step.code.clone(),
        display_name: step.name.clone(),
        role: words::role_of(step.role),
        unit_code: or_empty(step.unit.as_ref()),
        agency_code: or_empty(step.agency.as_ref()),
        quota_minutes: step.quota_minutes,
        quota_group: or_empty(step.group.as_ref()),
        next: step.next.clone(),
        consults: step.consults.iter().map(consultation_message).collect(),
        drafts_result: step.drafts_result,
        approves: step.approves,
    }
}

fn consultation_message(consult: &Consultation) -> proto::Consultation {
    proto::Consultation {
        code: consult.code.clone(),
        display_name: consult.name.clone(),
        agency_code: consult.agency.clone(),
        role: words::role_of(consult.role),
        unit_code: or_empty(consult.unit.as_ref()),
        quota_minutes: consult.quota_minutes,
    }
}

pub(super) fn read_process(bad: &mut Violations, message: proto::ElectronicProcess) -> Process {
    let mut steps = Vec::new();
    for step in message.steps {
        steps.extend(read_step(bad, step));
    }
    let groups = message
        .quota_groups
        .into_iter()
        .map(|g| QuotaGroup { code: g.code, quota_minutes: g.quota_minutes })
        .collect();
    Process { source: message.source, steps, groups }
}

fn read_step(bad: &mut Violations, message: proto::ProcessStep) -> Option<Step> {
    let path = format!("content.process.steps.{}", message.code);
    let role = words::need(bad, &format!("{path}.role"), words::role(message.role));
    let mut consults = Vec::new();
    for consult in message.consults {
        consults.extend(read_consultation(bad, &path, consult));
    }
    Some(Step {
        code: message.code,
        name: message.display_name,
        role: role?,
        unit: maybe_text(&message.unit_code),
        agency: maybe_text(&message.agency_code),
        quota_minutes: message.quota_minutes,
        group: maybe_text(&message.quota_group),
        next: message.next,
        consults,
        drafts_result: message.drafts_result,
        approves: message.approves,
    })
}

fn read_consultation(
    bad: &mut Violations,
    path: &str,
    message: proto::Consultation,
) -> Option<Consultation> {
    let path = format!("{path}.consults.{}.role", message.code);
    let role = words::need(bad, &path, words::role(message.role));
    Some(Consultation {
        code: message.code,
        name: message.display_name,
        agency: message.agency_code,
        role: role?,
        unit: maybe_text(&message.unit_code),
        quota_minutes: message.quota_minutes,
    })
}
