//! Procedures and versions, as they are shown.

use motcua_fault::{Fault, Refusal, Violations};
use motcua_ids::ProcedureVersionId;
use motcua_proto::catalog::v1 as proto;

use super::{content::content_message, day_text, or_empty, words};
use crate::{
    app::{Hit, Seen},
    domain::{Abolition, Content, Finding, ProcedureNumber, Version, VersionState},
};

pub(in crate::grpc) fn number(field: &str, text: &str) -> Result<ProcedureNumber, Fault> {
    let mut bad = Violations::default();
    let number = text.parse::<ProcedureNumber>();
    if let Err(refusal) = &number {
        bad.add(field, refusal.reason(), refusal.to_string());
    }
    bad.finish()?;
    number.map_err(Fault::from)
}

pub(in crate::grpc) fn procedure(seen: &Seen) -> proto::Procedure {
    let abolished = seen.procedure.abolished.as_ref();
    let current = if seen.in_force { seen.speaks.id.name() } else { String::new() };
    proto::Procedure {
        current_version: current,
        draft: seen.draft.map(ProcedureVersionId::name).unwrap_or_default(),
        abolished_on: day_text(abolished.map(|a| a.last_day)),
        abolishing_decision: or_empty(abolished.and_then(|a: &Abolition| a.decision.as_ref())),
        ..summary(&seen.speaks)
    }
}

pub(in crate::grpc) fn hit(hit: &Hit) -> proto::ProcedureHit {
    let procedure =
        proto::Procedure { current_version: hit.version.id.name(), ..summary(&hit.version) };
    proto::ProcedureHit { procedure: Some(procedure), score: f64::from(hit.score) }
}

fn summary(version: &Version) -> proto::Procedure {
    let content: &Content = &version.content;
    proto::Procedure {
        name: version.procedure.name(),
        number: version.number.to_string(),
        display_name: content.name.clone(),
        field: content.field.name(),
        level: words::level_of(content.level),
        audiences: content.audiences.iter().map(|a| words::audience_of(*a)).collect(),
        service_level: words::service_level_of(content.service_level),
        front_door: words::front_door_of(content.front_door),
        ..proto::Procedure::default()
    }
}

pub(in crate::grpc) fn version(version: &Version, flags: &[Finding]) -> proto::ProcedureVersion {
    proto::ProcedureVersion {
        content: Some(content_message(&version.content)),
        flags: findings(flags),
        ..version_without_content(version)
    }
}

pub(in crate::grpc) fn version_without_content(version: &Version) -> proto::ProcedureVersion {
    let (state, effective_from, published_at) = match version.state {
        VersionState::Draft { .. } => (proto::VersionState::Draft, String::new(), None),
        VersionState::Published { effective_from, at } => (
            proto::VersionState::Published,
            effective_from.to_string(),
            Some(motcua_clockwire::instant_message(at)),
        ),
    };
    proto::ProcedureVersion {
        name: version.id.name(),
        etag: version.etag(),
        procedure: version.procedure.name(),
        number: version.number.to_string(),
        revision: version.revision,
        state: state as i32,
        effective_from,
        publish_time: published_at,
        content: None,
        flags: Vec::new(),
    }
}

pub(in crate::grpc) fn findings(found: &[Finding]) -> Vec<proto::Finding> {
    let finding = |f: &Finding| proto::Finding {
        path: f.path.clone(),
        reason: f.reason.to_owned(),
        description: f.text.clone(),
    };
    found.iter().map(finding).collect()
}
