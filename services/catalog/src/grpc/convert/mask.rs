//! Field masks (AIP-134): only the fields named are changed; an unknown one is
//! a violation, and an empty mask is one where a mask is needed.

use motcua_fault::{Fault, Violations};
use motcua_ids::{FieldId, Uuid};
use motcua_proto::catalog::v1 as proto;
use prost_types::FieldMask;

use super::{content::content, maybe_text, need_text, open_day};
use crate::domain::{AgencyFacts, Content, Desk, Field, Validity};

const LONGEST_NAME: usize = 300;

/// What a mask names, checked against what may be changed.
fn paths(mask: Option<FieldMask>, allowed: &[&str], bad: &mut Violations) -> Vec<String> {
    let paths = mask.unwrap_or_default().paths;
    if paths.is_empty() {
        bad.add("update_mask", "MISSING", "Cần nêu các mục được sửa.");
    }
    unknown(&paths, allowed, bad);
    paths
}

fn unknown(paths: &[String], allowed: &[&str], bad: &mut Violations) {
    for path in paths.iter().filter(|path| !allowed.contains(&path.as_str())) {
        let text =
            format!("Mục «{path}» không sửa được; các mục sửa được: {}.", allowed.join(", "));
        bad.add("update_mask", "PATH_INVALID", text);
    }
}

pub(in crate::grpc) fn merge_agency(
    message: &proto::Agency,
    mask: Option<FieldMask>,
) -> Result<impl FnOnce(AgencyFacts) -> AgencyFacts + use<>, Fault> {
    let mut bad = Violations::default();
    let allowed = ["display_name", "identifier_code", "address", "telephone", "email"];
    let paths = paths(mask, &allowed, &mut bad);
    let has = |path: &str| paths.iter().any(|p| p == path);
    let name = has("display_name")
        .then(|| need_text(&mut bad, "agency.display_name", &message.display_name, LONGEST_NAME));
    let code = has("identifier_code")
        .then(|| need_text(&mut bad, "agency.identifier_code", &message.identifier_code, 80));
    bad.finish()?;
    let address = has("address").then(|| maybe_text(&message.address));
    let telephone = has("telephone").then(|| maybe_text(&message.telephone));
    let email = has("email").then(|| maybe_text(&message.email));
    Ok(move |facts: AgencyFacts| AgencyFacts {
        identifier: code.or(facts.identifier),
        name: name.unwrap_or(facts.name),
        address: address.unwrap_or(facts.address),
        telephone: telephone.unwrap_or(facts.telephone),
        email: email.unwrap_or(facts.email),
    })
}

pub(in crate::grpc) fn merge_desk(
    message: &proto::Desk,
    mask: Option<FieldMask>,
) -> Result<impl FnOnce(Desk) -> Desk + use<>, Fault> {
    let mut bad = Violations::default();
    let allowed = ["display_name", "address", "telephone", "valid_to"];
    let paths = paths(mask, &allowed, &mut bad);
    let has = |path: &str| paths.iter().any(|p| p == path);
    let name = has("display_name")
        .then(|| need_text(&mut bad, "desk.display_name", &message.display_name, LONGEST_NAME));
    let to = has("valid_to").then(|| open_day(&mut bad, "desk.valid_to", &message.valid_to));
    bad.finish()?;
    let address = has("address").then(|| maybe_text(&message.address));
    let telephone = has("telephone").then(|| maybe_text(&message.telephone));
    Ok(move |desk: Desk| Desk {
        name: name.unwrap_or(desk.name),
        address: address.unwrap_or(desk.address),
        telephone: telephone.unwrap_or(desk.telephone),
        valid: Validity { to: to.unwrap_or(desk.valid.to), ..desk.valid },
        ..desk
    })
}

pub(in crate::grpc) fn merge_field(
    message: &proto::Field,
    mask: Option<FieldMask>,
) -> Result<impl FnOnce(Field) -> Field + use<>, Fault> {
    let mut bad = Violations::default();
    let paths = paths(mask, &["display_name", "national_code"], &mut bad);
    let has = |path: &str| paths.iter().any(|p| p == path);
    let name = has("display_name")
        .then(|| need_text(&mut bad, "field.display_name", &message.display_name, LONGEST_NAME));
    bad.finish()?;
    let national_code = has("national_code").then(|| maybe_text(&message.national_code));
    Ok(move |field: Field| Field {
        name: name.unwrap_or(field.name),
        national_code: national_code.unwrap_or(field.national_code),
        ..field
    })
}

macro_rules! parts {
    ($paths:ident, $new:ident, $old:ident, $($path:literal => $field:ident),+ $(,)?) => {{
        $(if $paths.iter().any(|p| p == $path) {
            $old.$field = $new.$field;
        })+
        $old
    }};
}

const PARTS: [&str; 23] = [
    "display_name",
    "field",
    "level",
    "audiences",
    "publication",
    "service_level",
    "legacy_level",
    "front_door",
    "summary",
    "steps",
    "cases",
    "results",
    "legal_bases",
    "conditions",
    "contact",
    "keywords",
    "supplement",
    "form",
    "process",
    "sources",
    "unknown_paths",
    "agencies",
    "editor_notes",
];

/// Whole parts of a draft's text; with an empty mask, all of it. What the mask
/// leaves out is not read, and need not be sent.
pub(in crate::grpc) fn merge_content(
    message: Option<proto::VersionContent>,
    mask: Option<FieldMask>,
) -> Result<impl FnOnce(Content) -> Content, Fault> {
    let paths = mask.unwrap_or_default().paths;
    let mut bad = Violations::default();
    unknown(&paths, &PARTS, &mut bad);
    bad.finish()?;
    let message = message.unwrap_or_default();
    let message = if paths.is_empty() { message } else { masked(message, &paths) };
    let new = content(Some(message))?;
    Ok(move |mut old: Content| {
        if paths.is_empty() {
            return new;
        }
        parts!(paths, new, old,
            "display_name" => name, "field" => field, "level" => level,
            "audiences" => audiences, "publication" => publication,
            "service_level" => service_level, "legacy_level" => legacy_level,
            "front_door" => front_door, "summary" => summary, "steps" => steps,
            "cases" => cases, "results" => results, "legal_bases" => legal_bases,
            "conditions" => conditions, "contact" => contact, "keywords" => keywords,
            "supplement" => supplement, "form" => form, "process" => process,
            "sources" => sources, "unknown_paths" => unknown, "agencies" => agencies,
            "editor_notes" => notes,
        )
    })
}

/// The parts named; in place of the others what can be read and is not used.
fn masked(sent: proto::VersionContent, paths: &[String]) -> proto::VersionContent {
    let mut unused = proto::VersionContent {
        display_name: "-".to_owned(),
        field: FieldId::new(Uuid::nil()).name(),
        level: proto::ProcedureLevel::Commune.into(),
        service_level: proto::ServiceLevel::InformationOnly.into(),
        front_door: proto::FrontDoor::National.into(),
        ..proto::VersionContent::default()
    };
    parts!(paths, sent, unused,
        "display_name" => display_name, "field" => field, "level" => level,
        "audiences" => audiences, "publication" => publication,
        "service_level" => service_level, "legacy_level" => legacy_level,
        "front_door" => front_door, "summary" => summary, "steps" => steps,
        "cases" => cases, "results" => results, "legal_bases" => legal_bases,
        "conditions" => conditions, "contact" => contact, "keywords" => keywords,
        "supplement" => supplement, "form" => form, "process" => process,
        "sources" => sources, "unknown_paths" => unknown_paths, "agencies" => agencies,
        "editor_notes" => editor_notes,
    )
}
