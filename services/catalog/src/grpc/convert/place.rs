//! Agencies, desks and fields.

use motcua_fault::{Fault, Violations};
use motcua_ids::AgencyId;
use motcua_proto::catalog::v1 as proto;

use super::{day_text, maybe_text, need_id, need_text, open_day, or_empty, words};
use crate::{
    app::{NewAgency, NewDesk},
    domain::{Agency, AgencyFacts, AgencyKind, Desk, Field, Validity},
};

const LONGEST_NAME: usize = 300;
const LONGEST_CODE: usize = 80;

pub(in crate::grpc) fn agency(agency: &Agency, units: &[Agency]) -> proto::Agency {
    let facts = &agency.facts;
    proto::Agency {
        name: agency.id().name(),
        etag: agency.etag(),
        identifier_code: or_empty(facts.identifier.as_ref()),
        display_name: facts.name.clone(),
        kind: words::agency_kind_of(agency.kind),
        parent: agency.parent().map(AgencyId::name).unwrap_or_default(),
        path: agency.path.agencies().iter().map(|a| a.name()).collect(),
        unit_code: or_empty(agency.unit_code.as_ref()),
        valid_from: day_text(agency.valid.from),
        valid_to: day_text(agency.valid.to),
        successor: agency.successor.map(AgencyId::name).unwrap_or_default(),
        address: or_empty(facts.address.as_ref()),
        telephone: or_empty(facts.telephone.as_ref()),
        email: or_empty(facts.email.as_ref()),
        units: units.iter().map(|unit| self::agency(unit, &[])).collect(),
    }
}

pub(in crate::grpc) fn new_agency(message: Option<proto::Agency>) -> Result<NewAgency, Fault> {
    let message = message.unwrap_or_default();
    let mut bad = Violations::default();
    let kind = words::agency_kind(message.kind);
    let kind = words::need(&mut bad, "agency.kind", kind);
    let parent = (!message.parent.is_empty())
        .then(|| need_id(&mut bad, "agency.parent", &message.parent, AgencyId::from_name))
        .flatten();
    let name = need_text(&mut bad, "agency.display_name", &message.display_name, LONGEST_NAME);
    let (identifier, unit_code) = if kind == Some(AgencyKind::Unit) {
        let code = need_text(&mut bad, "agency.unit_code", &message.unit_code, LONGEST_CODE);
        (None, Some(code))
    } else {
        let path = "agency.identifier_code";
        (Some(need_text(&mut bad, path, &message.identifier_code, LONGEST_CODE)), None)
    };
    let from = open_day(&mut bad, "agency.valid_from", &message.valid_from);
    bad.finish()?;
    let facts = AgencyFacts {
        identifier,
        name,
        address: maybe_text(&message.address),
        telephone: maybe_text(&message.telephone),
        email: maybe_text(&message.email),
    };
    let kind = kind.ok_or_else(|| Fault::not_found("kind"))?;
    Ok(NewAgency { parent, kind, facts, unit_code, valid: Validity { from, to: None } })
}

pub(in crate::grpc) fn desk(desk: &Desk) -> proto::Desk {
    proto::Desk {
        name: desk.id.name(),
        etag: desk.etag(),
        code: desk.code.clone(),
        display_name: desk.name.clone(),
        agency: desk.agency.name(),
        address: or_empty(desk.address.as_ref()),
        telephone: or_empty(desk.telephone.as_ref()),
        valid_from: day_text(desk.valid.from),
        valid_to: day_text(desk.valid.to),
    }
}

pub(in crate::grpc) fn new_desk(message: Option<proto::Desk>) -> Result<NewDesk, Fault> {
    let message = message.unwrap_or_default();
    let mut bad = Violations::default();
    let agency = need_id(&mut bad, "desk.agency", &message.agency, AgencyId::from_name);
    let code = need_text(&mut bad, "desk.code", &message.code, LONGEST_CODE);
    let name = need_text(&mut bad, "desk.display_name", &message.display_name, LONGEST_NAME);
    let from = open_day(&mut bad, "desk.valid_from", &message.valid_from);
    let to = open_day(&mut bad, "desk.valid_to", &message.valid_to);
    bad.finish()?;
    Ok(NewDesk {
        code,
        agency: agency.ok_or_else(|| Fault::not_found("agency"))?,
        name,
        address: maybe_text(&message.address),
        telephone: maybe_text(&message.telephone),
        valid: Validity { from, to },
    })
}

pub(in crate::grpc) fn field(field: &Field) -> proto::Field {
    proto::Field {
        name: field.id.name(),
        etag: field.etag(),
        code: field.code.clone(),
        display_name: field.name.clone(),
        national_code: or_empty(field.national_code.as_ref()),
    }
}

/// Code, name and national code of a field to be made.
pub(in crate::grpc) fn new_field(
    message: Option<proto::Field>,
) -> Result<(String, String, Option<String>), Fault> {
    let message = message.unwrap_or_default();
    let mut bad = Violations::default();
    let code = need_text(&mut bad, "field.code", &message.code, LONGEST_CODE);
    let name = need_text(&mut bad, "field.display_name", &message.display_name, LONGEST_NAME);
    bad.finish()?;
    Ok((code, name, maybe_text(&message.national_code)))
}
