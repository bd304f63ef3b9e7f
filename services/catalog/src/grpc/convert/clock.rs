//! Calendars and policies.

use motcua_clockwire as wire;
use motcua_fault::{Fault, Violations};
use motcua_ids::AgencyId;
use motcua_proto::catalog::v1 as proto;
use motcua_vn::WorkingCalendar;

use super::{
    day_text, need_id, need_text,
    words::{agency_kind, agency_kind_of, need},
};
use crate::domain::{Calendar, CalendarDraft, Policy, PolicyDraft, PolicyScope};

const LONGEST_CODE: usize = 80;

pub(in crate::grpc) fn calendar(calendar: &Calendar) -> Result<proto::Calendar, Fault> {
    let content = WorkingCalendar::new(calendar.data.clone())
        .map_err(|_| Fault::internal(format!("{} is not sound", calendar.id)))?;
    Ok(proto::Calendar {
        name: calendar.id.name(),
        code: calendar.code.clone(),
        revision: calendar.revision,
        display_name: calendar.data.title.clone(),
        agencies: calendar.agencies.iter().map(|a| a.name()).collect(),
        effective_from: calendar.data.valid_from.to_string(),
        effective_to: day_text(calendar.data.valid_to),
        publish_time: Some(wire::instant_message(calendar.published_at)),
        content: Some(wire::calendar_message(&content)),
    })
}

pub(in crate::grpc) fn policy(policy: &Policy) -> proto::Policy {
    proto::Policy {
        name: policy.id.name(),
        code: policy.code.clone(),
        revision: policy.revision,
        display_name: policy.data.title.clone(),
        agencies: policy.scope.agencies.iter().map(|a| a.name()).collect(),
        procedure_numbers: policy.scope.procedures.iter().map(ToString::to_string).collect(),
        legacy_levels: policy.scope.legacy_levels.iter().map(|l| i32::from(*l)).collect(),
        agency_kinds: policy.scope.agency_kinds.iter().map(|k| agency_kind_of(*k)).collect(),
        priority: policy.scope.priority,
        effective_from: policy.data.valid_from.to_string(),
        effective_to: day_text(policy.data.valid_to),
        publish_time: Some(wire::instant_message(policy.published_at)),
        content: Some(wire::policy_message(&policy.data)),
        notes: policy.notes.clone(),
    }
}

pub(in crate::grpc) fn rules(
    (calendar, policy): (Calendar, Policy),
) -> Result<proto::ClockRules, Fault> {
    Ok(proto::ClockRules {
        calendar: Some(self::calendar(&calendar)?),
        policy: Some(self::policy(&policy)),
    })
}

pub(in crate::grpc) fn calendar_draft(
    message: Option<proto::Calendar>,
) -> Result<CalendarDraft, Fault> {
    let message = message.unwrap_or_default();
    let mut bad = Violations::default();
    let code = need_text(&mut bad, "calendar.code", &message.code, LONGEST_CODE);
    let agencies = agencies(&mut bad, "calendar.agencies", &message.agencies);
    bad.finish()?;
    let mut content = message.content.unwrap_or_default();
    numbered(&mut content.version);
    titled(&mut content.title, message.display_name);
    dated(&mut content.valid_from, message.effective_from);
    dated(&mut content.valid_to, message.effective_to);
    let data = wire::calendar(&content)?.data().clone();
    Ok(CalendarDraft { code, agencies, data })
}

pub(in crate::grpc) fn policy_draft(message: Option<proto::Policy>) -> Result<PolicyDraft, Fault> {
    let message = message.unwrap_or_default();
    let mut bad = Violations::default();
    let code = need_text(&mut bad, "policy.code", &message.code, LONGEST_CODE);
    let agencies = agencies(&mut bad, "policy.agencies", &message.agencies);
    let mut procedures = Vec::new();
    for number in &message.procedure_numbers {
        procedures.extend(bad.take("policy.procedure_numbers", number.parse()));
    }
    let mut legacy_levels = Vec::new();
    for level in &message.legacy_levels {
        match u8::try_from(*level) {
            Ok(level @ 1..=4) => legacy_levels.push(level),
            _ => bad.add("policy.legacy_levels", "LEVEL_INVALID", "Mức độ phải từ 1 đến 4."),
        }
    }
    let kinds = message.agency_kinds.iter();
    let agency_kinds = kinds
        .filter_map(|kind| need(&mut bad, "policy.agency_kinds", agency_kind(*kind)))
        .collect();
    bad.finish()?;
    let mut content = message.content.unwrap_or_default();
    numbered(&mut content.version);
    titled(&mut content.title, message.display_name);
    dated(&mut content.valid_from, message.effective_from);
    dated(&mut content.valid_to, message.effective_to);
    let mut data = wire::policy(&content)?;
    data.unshortened.clear();
    let priority = message.priority;
    let scope = PolicyScope { agencies, procedures, legacy_levels, agency_kinds, priority };
    Ok(PolicyDraft { code, scope, data, notes: message.notes })
}

fn agencies(bad: &mut Violations, field: &str, names: &[String]) -> Vec<AgencyId> {
    if names.is_empty() {
        bad.add(field, "MISSING", "Cần ít nhất một cơ quan.");
    }
    names.iter().filter_map(|name| need_id(bad, field, name, AgencyId::from_name)).collect()
}

/// The revision is given when it is published.
fn numbered(version: &mut String) {
    if version.is_empty() {
        "0".clone_into(version);
    }
}

fn titled(title: &mut String, display_name: String) {
    if title.is_empty() {
        *title = display_name;
    }
}

fn dated(day: &mut String, effective: String) {
    if day.is_empty() {
        *day = effective;
    }
}
