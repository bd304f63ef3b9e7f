//! The text of a version.

use std::collections::BTreeSet;

use motcua_clockwire as wire;
use motcua_fault::{Fault, Violations};
use motcua_ids::{AgencyId, FieldId};
use motcua_proto::catalog::v1 as proto;
use motcua_rpc::json;

use super::{
    case::{case_message, read_case},
    day_text, maybe_text, need_id, need_text, open_day, or_empty,
    process::{process_message, read_process},
    words,
};
use crate::domain::{Contact, Content, LegalBasis, Outcome, Publication, ServiceLevel, Supplement};

/// Real names run to a page.
const LONGEST_NAME: usize = 4_000;

pub(super) fn content_message(content: &Content) -> proto::VersionContent {
    let publication = &content.publication;
    proto::VersionContent {
        display_name: content.name.clone(),
        field: content.field.name(),
        level: words::level_of(content.level),
        audiences: content.audiences.iter().map(|a| words::audience_of(*a)).collect(),
        publication: Some(proto::Publication {
            decision: or_empty(publication.decision.as_ref()),
            effective_from: day_text(publication.effective_from),
            url: or_empty(publication.url.as_ref()),
        }),
        service_level: words::service_level_of(content.service_level),
        legacy_level: content.legacy_level.map_or(0, i32::from),
        front_door: words::front_door_of(content.front_door),
        summary: content.summary.clone(),
        steps: content.steps.clone(),
        cases: (content.cases.iter())
            .map(|case| case_message(case, |way| content.assumes_unit(way)))
            .collect(),
        results: content.results.iter().map(result_message).collect(),
        legal_bases: content.legal_bases.iter().map(basis_message).collect(),
        conditions: or_empty(content.conditions.as_ref()),
        contact: Some(proto::Contact {
            email: or_empty(content.contact.email.as_ref()),
            telephone: or_empty(content.contact.telephone.as_ref()),
        }),
        keywords: content.keywords.clone(),
        supplement: supplement_message(content.supplement),
        form: content.form.clone().filter(serde_json::Value::is_object).map(json::to_struct),
        process: content
            .process
            .as_ref()
            .map(|process| process_message(process, content.base_minutes())),
        sources: content.sources.clone(),
        unknown_paths: content.unknown.clone(),
        agencies: content.agencies.iter().map(|agency| agency.name()).collect(),
        editor_notes: content.notes.clone(),
    }
}

fn result_message(result: &Outcome) -> proto::ProcedureResult {
    proto::ProcedureResult {
        code: or_empty(result.code.as_ref()),
        display_name: result.name.clone(),
    }
}

fn basis_message(basis: &LegalBasis) -> proto::LegalBasis {
    proto::LegalBasis { number: basis.number.clone(), display_name: basis.name.clone() }
}

fn supplement_message(supplement: Supplement) -> Option<proto::Supplement> {
    (supplement != Supplement::default()).then(|| proto::Supplement {
        regime: supplement.regime.map_or(0, |regime| wire::regime_message(regime) as i32),
        days: supplement.days.map_or(0, |days| i32::try_from(days).unwrap_or(i32::MAX)),
    })
}

/// The text a request carries; below `content` in what is wrong with it.
pub(in crate::grpc) fn content(message: Option<proto::VersionContent>) -> Result<Content, Fault> {
    let message = message.unwrap_or_default();
    let mut bad = Violations::default();
    let name = need_text(&mut bad, "content.display_name", &message.display_name, LONGEST_NAME);
    let field = need_id(&mut bad, "content.field", &message.field, FieldId::from_name);
    let level = words::need(&mut bad, "content.level", words::level(message.level));
    let audiences = audiences(&mut bad, &message.audiences);
    // Unknown is said, not left out by mistake.
    let unknown = message.unknown_paths.iter().any(|path| path == "service_level");
    let service_level = words::service_level(message.service_level)
        .filter(|level| unknown || *level != ServiceLevel::Unspecified);
    let service_level = words::need(&mut bad, "content.service_level", service_level);
    let legacy_level = legacy_level(&mut bad, message.legacy_level);
    let front_door = words::front_door(message.front_door);
    let front_door = words::need(&mut bad, "content.front_door", front_door);
    let publication = publication(&mut bad, &message.publication.unwrap_or_default());
    let mut cases = Vec::new();
    for case in message.cases {
        cases.extend(read_case(&mut bad, case));
    }
    let supplement = supplement(&mut bad, message.supplement);
    let process = message.process.map(|process| read_process(&mut bad, process));
    let read = |name: &String| need_id(&mut bad, "content.agencies", name, AgencyId::from_name);
    let agencies = message.agencies.iter().filter_map(read).collect();
    bad.finish()?;
    let missing = || Fault::not_found("content");
    Ok(Content {
        name,
        field: field.ok_or_else(missing)?,
        level: level.ok_or_else(missing)?,
        audiences,
        publication,
        service_level: service_level.ok_or_else(missing)?,
        legacy_level,
        front_door: front_door.ok_or_else(missing)?,
        summary: message.summary,
        steps: message.steps,
        cases,
        results: message.results.into_iter().map(read_result).collect(),
        legal_bases: message.legal_bases.into_iter().map(read_basis).collect(),
        conditions: maybe_text(&message.conditions),
        contact: read_contact(&message.contact.unwrap_or_default()),
        keywords: message.keywords,
        supplement,
        form: message.form.map(json::from_struct),
        process,
        sources: message.sources,
        unknown: message.unknown_paths,
        agencies,
        notes: message.editor_notes,
    })
}

fn audiences(bad: &mut Violations, values: &[i32]) -> BTreeSet<crate::domain::Audience> {
    let path = "content.audiences";
    values.iter().filter_map(|v| words::need(bad, path, words::audience(*v))).collect()
}

fn legacy_level(bad: &mut Violations, value: i32) -> Option<u8> {
    match u8::try_from(value) {
        Ok(0) => None,
        Ok(level @ 1..=4) => Some(level),
        _ => {
            bad.add("content.legacy_level", "LEVEL_INVALID", "Mức độ phải từ 1 đến 4.");
            None
        }
    }
}

fn publication(bad: &mut Violations, message: &proto::Publication) -> Publication {
    let path = "content.publication.effective_from";
    Publication {
        decision: maybe_text(&message.decision),
        effective_from: open_day(bad, path, &message.effective_from),
        url: maybe_text(&message.url),
    }
}

fn supplement(bad: &mut Violations, message: Option<proto::Supplement>) -> Supplement {
    let message = message.unwrap_or_default();
    let days = u32::try_from(message.days).unwrap_or_else(|_| {
        bad.add("content.supplement.days", "OUT_OF_RANGE", "Số ngày không được âm.");
        0
    });
    Supplement { regime: wire::regime(message.regime()), days: (days > 0).then_some(days) }
}

fn read_contact(message: &proto::Contact) -> Contact {
    Contact { email: maybe_text(&message.email), telephone: maybe_text(&message.telephone) }
}

fn read_result(message: proto::ProcedureResult) -> Outcome {
    Outcome { code: maybe_text(&message.code), name: message.display_name }
}

fn read_basis(message: proto::LegalBasis) -> LegalBasis {
    LegalBasis { number: message.number, name: message.display_name }
}
