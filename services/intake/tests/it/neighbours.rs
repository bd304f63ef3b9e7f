//! What the neighbours answer.

use std::sync::{Arc, Mutex};

use chrono::NaiveDate;
use motcua_fault::Fault;
use motcua_ids::{AgencyPath, Uuid};
use motcua_proto::{catalog::v1 as catalog, r#type::v1 as clock, workflow::v1 as workflow};
use motcua_testkit::{Neighbour, catalog as testkit};
use motcua_vn::{
    ClockPolicy, WorkingCalendar,
    policy::{Fraction, Halving},
};

use crate::office::{COMMUNE, FORMER, OTHER, OTHER_UNIT, PROVINCE, UNIT, World, agency, procedure};

fn path(n: u128) -> AgencyPath {
    let root = AgencyPath::root(agency(PROVINCE));
    match n {
        PROVINCE => root,
        UNIT => root.child(agency(COMMUNE)).child(agency(UNIT)),
        OTHER_UNIT => root.child(agency(OTHER)).child(agency(OTHER_UNIT)),
        other => root.child(agency(other)),
    }
}

fn form() -> serde_json::Value {
    serde_json::json!({
        "type": "object",
        "required": ["child", "father"],
        "properties": {
            "child": {
                "type": "object", "title": "Trẻ", "required": ["name"],
                "properties": {
                    "name": { "type": "string", "minLength": 1, "title": "Họ tên trẻ" },
                    "weight": { "type": "integer", "minimum": 500, "title": "Cân nặng (gam)" },
                },
            },
            "father": {
                "type": "object", "title": "Cha", "required": ["name"],
                "properties": { "name": { "type": "string", "title": "Họ tên cha" } },
            },
        },
    })
}

fn paper(code: &str, need: catalog::PaperNeed) -> catalog::PaperRequirement {
    catalog::PaperRequirement {
        code: code.to_owned(),
        display_name: format!("Giấy {code}"),
        originals: 1,
        need: need.into(),
        ..Default::default()
    }
}

fn way(channel: catalog::WayChannel, limit: Option<u32>, known: bool) -> catalog::Way {
    use catalog::processing_limit::Rule;
    let rule = match limit {
        Some(amount) => Rule::Counted(clock::TimeLimit {
            amount,
            unit: clock::LimitUnit::WorkingDays.into(),
            source: "Điều 15 Luật Hộ tịch".to_owned(),
        }),
        None if known => Rule::NoDueDate(catalog::NoDueDate {}),
        None => Rule::Unknown(catalog::UnknownLimit {}),
    };
    catalog::Way {
        channel: channel.into(),
        limit: Some(catalog::ProcessingLimit { rule: Some(rule), ..Default::default() }),
        fees: vec![catalog::Fee {
            code: "le-phi".to_owned(),
            display_name: "Lệ phí".to_owned(),
            rule: catalog::FeeRule::Fixed.into(),
            amount_vnd: 20_000,
            ..Default::default()
        }],
        ..Default::default()
    }
}

/// Versions are numbered `procedure * 100 + revision`.
fn version(world: &World, asked: &catalog::GetProcedureVersionRequest) -> Option<u128> {
    let uuid = |name: &str| name.split('/').nth(1)?.parse::<Uuid>().ok().map(|id| id.as_u128());
    if asked.name.is_empty() {
        let procedure = uuid(&asked.procedure)?;
        let open = (1..=4).contains(&procedure) && !world.abolished;
        return open.then_some(procedure * 100 + if procedure == 1 { world.revision } else { 0 });
    }
    uuid(&asked.name)
}

fn version_message(world: &World, n: u128) -> catalog::ProcedureVersion {
    use catalog::{PaperNeed as Need, WayChannel as Channel};
    let (number, revision) = (n / 100, n % 100);
    let limit = if number <= 2 { Some(4) } else { None };
    let known = number != 4;
    let mut papers = vec![
        paper("chung-sinh", Need::Always),
        paper("to-khai", Need::OnlineForm),
        paper("uy-quyen", Need::Conditional),
    ];
    if revision > 0 {
        papers.push(paper("moi", Need::Always));
    }
    let ways = [Channel::Online, Channel::Desk, Channel::Post];
    let ways = if number == 4 { &ways[..2] } else { &ways };
    // Procedure 3 asks the other commune.
    let asked = catalog::Consultation {
        agency_code: if number == 3 { "H53.12.06" } else { "" }.to_owned(),
        ..Default::default()
    };
    let step = catalog::ProcessStep { consults: vec![asked], ..Default::default() };
    catalog::ProcedureVersion {
        name: format!("procedureVersions/{}", Uuid::from_u128(n)),
        procedure: procedure(number),
        number: format!("1.00119{number}"),
        content: Some(catalog::VersionContent {
            display_name: "Đăng ký khai sinh".to_owned(),
            level: catalog::ProcedureLevel::Commune.into(),
            front_door: if number == 2 || world.national {
                catalog::FrontDoor::National
            } else {
                catalog::FrontDoor::Local
            }
            .into(),
            publication: Some(catalog::Publication {
                url: "https://example.vn/thu-tuc".to_owned(),
                ..Default::default()
            }),
            cases: vec![catalog::Case {
                code: "default".to_owned(),
                papers,
                ways: ways.iter().map(|channel| way(*channel, limit, known)).collect(),
                ..Default::default()
            }],
            form: Some(struct_of(&form())),
            process: Some(catalog::ElectronicProcess { steps: vec![step], ..Default::default() }),
            ..Default::default()
        }),
        ..Default::default()
    }
}

/// A struct of JSON, as a foreign client makes it.
pub(crate) fn struct_of(value: &serde_json::Value) -> prost_types::Struct {
    fn value_of(value: &serde_json::Value) -> prost_types::Value {
        use prost_types::value::Kind;
        let kind = match value {
            serde_json::Value::Null => Kind::NullValue(0),
            serde_json::Value::Bool(flag) => Kind::BoolValue(*flag),
            serde_json::Value::Number(number) => Kind::NumberValue(number.as_f64().unwrap()),
            serde_json::Value::String(text) => Kind::StringValue(text.clone()),
            serde_json::Value::Array(list) => Kind::ListValue(prost_types::ListValue {
                values: list.iter().map(value_of).collect(),
            }),
            serde_json::Value::Object(_) => Kind::StructValue(struct_of(value)),
        };
        prost_types::Value { kind: Some(kind) }
    }
    let fields = value.as_object().unwrap();
    prost_types::Struct { fields: fields.iter().map(|(k, v)| (k.clone(), value_of(v))).collect() }
}

fn agency_message(n: u128) -> catalog::Agency {
    let (kind, code) = match n {
        PROVINCE => (catalog::AgencyKind::Province, "H53"),
        COMMUNE => (catalog::AgencyKind::Commune, "H53.12.05"),
        OTHER => (catalog::AgencyKind::Commune, "H53.12.06"),
        FORMER => (catalog::AgencyKind::District, "H53.12"),
        _ => (catalog::AgencyKind::Unit, ""),
    };
    catalog::Agency {
        identifier_code: code.to_owned(),
        display_name: format!("Cơ quan {n}"),
        kind: kind.into(),
        valid_to: match n {
            FORMER => "2025-06-30",
            // It will be merged.
            OTHER => "2026-05-01",
            _ => "",
        }
        .to_owned(),
        ..testkit::agency(&path(n))
    }
}

pub(crate) fn calendar() -> WorkingCalendar {
    testkit::calendar(NaiveDate::from_ymd_opt(2026, 3, 3).unwrap())
}

fn policy() -> ClockPolicy {
    let halving = Halving {
        minimum_working_days: 2,
        factor: Fraction { numerator: 1, denominator: 2 },
        units: vec![motcua_vn::LimitUnit::WorkingDays],
        source: "Quyết định của tỉnh".to_owned(),
    };
    ClockPolicy { halving: Some(halving), ..testkit::policy() }
}

pub(crate) fn play_catalog(world: &Arc<Mutex<World>>) -> Neighbour {
    let world = world.clone();
    let agencies = [PROVINCE, COMMUNE, UNIT, OTHER, FORMER, OTHER_UNIT].map(agency_message);
    testkit::play(agencies.to_vec(), &calendar(), &policy()).on(
        "/motcua.catalog.v1.CatalogService/GetProcedureVersion",
        move |asked: catalog::GetProcedureVersionRequest| {
            let world = world.lock().unwrap();
            let found = version(&world, &asked).map(|n| version_message(&world, n));
            found.ok_or_else(|| Fault::not_found("procedure"))
        },
    )
}

pub(crate) fn play_workflow() -> Neighbour {
    let asked = |_: workflow::GetSupplementAskRequest| {
        Ok(workflow::SupplementAsk {
            reasons: "Giấy chứng sinh mờ, không đọc được.".to_owned(),
            papers: vec![workflow::AskedPaper {
                paper_code: "chung-sinh".to_owned(),
                note: "bản rõ hơn".to_owned(),
                ..Default::default()
            }],
            ..Default::default()
        })
    };
    Neighbour::new().on("/motcua.workflow.v1.WorkflowService/GetSupplementAsk", asked)
}
