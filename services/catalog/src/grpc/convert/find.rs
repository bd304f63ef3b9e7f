//! What is looked for.

use motcua_fault::{Fault, Violations};
use motcua_ids::{AgencyId, BadName, FieldId};
use motcua_proto::catalog::v1 as proto;

use super::{need_id, words};
use crate::domain::search::Wanted;

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
