//! What is looked for.

use motcua_context::Ctx;
use motcua_fault::{Fault, Violations};
use motcua_ids::{AgencyId, BadName, FieldId};
use motcua_proto::catalog::v1 as proto;

use super::{need_id, open_day, words};
use crate::{app::WantedAgencies, domain::search::Wanted};

/// Which agencies are asked for; those of today, where no day is named.
pub(in crate::grpc) fn wanted_agencies(
    ctx: &Ctx,
    asked: proto::ListAgenciesRequest,
) -> Result<WantedAgencies, Fault> {
    let mut bad = Violations::default();
    let parent = some_id(&mut bad, "parent", &asked.parent, AgencyId::from_name);
    let day = open_day(&mut bad, "valid_on", &asked.valid_on);
    let mut kinds = Vec::new();
    for kind in &asked.kinds {
        match words::agency_kind(*kind) {
            Some(kind) => kinds.push(kind),
            None => bad.add("kinds", "VALUE_INVALID", "Loại cơ quan không có trong danh mục."),
        }
    }
    bad.finish()?;
    Ok(WantedAgencies {
        parent,
        kinds,
        identifier: Some(asked.identifier_code).filter(|code| !code.is_empty()),
        valid_on: (!asked.any_day).then(|| day.unwrap_or_else(|| motcua_vn::local::day(ctx.now()))),
    })
}

/// What a search asks for, and whose procedures. A filter that is no filter is
/// told, not left out: its answer would look like everything.
pub(in crate::grpc) fn wanted(
    asked: proto::SearchProceduresRequest,
) -> Result<(Wanted, Option<AgencyId>), Fault> {
    let mut bad = Violations::default();
    let field = some_id(&mut bad, "field", &asked.field, FieldId::from_name);
    let agency = some_id(&mut bad, "agency", &asked.agency, AgencyId::from_name);
    let level = some_word(&mut bad, "level", asked.level, words::level);
    let audience = some_word(&mut bad, "audience", asked.audience, words::audience);
    let service_level =
        some_word(&mut bad, "service_level", asked.service_level, words::service_level);
    bad.finish()?;
    let text = asked.query;
    let wanted =
        Wanted { text, field, agency: None, level, audience, service_level, internal: false };
    Ok((wanted, agency))
}

fn some_id<T>(
    bad: &mut Violations,
    field: &str,
    name: &str,
    read: impl FnOnce(&str) -> Result<T, BadName>,
) -> Option<T> {
    if name.is_empty() { None } else { need_id(bad, field, name, read) }
}

fn some_word<T>(
    bad: &mut Violations,
    field: &str,
    value: i32,
    read: impl FnOnce(i32) -> Option<T>,
) -> Option<T> {
    if value == 0 { None } else { words::need(bad, field, read(value)) }
}
