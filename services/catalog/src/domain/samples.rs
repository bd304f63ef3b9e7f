//! A sound version to bend in tests.

use std::collections::BTreeSet;

use motcua_ids::{FieldId, Uuid};
use motcua_vn::LimitUnit;

use super::*;

pub(super) fn number() -> ProcedureNumber {
    "1.001193".parse().unwrap()
}

pub(super) fn step(code: &str, hours: i64, next: &[&str]) -> Step {
    Step {
        code: code.into(),
        name: format!("Bước {code}"),
        role: StepRole::Specialist,
        unit: None,
        agency: None,
        quota_minutes: hours * 60,
        group: None,
        next: next.iter().map(ToString::to_string).collect(),
        consults: Vec::new(),
        drafts_result: false,
        approves: false,
    }
}

/// Assign, appraise, sign: 8 hours in all.
pub(super) fn process() -> Process {
    Process {
        source: "Thiết kế của tỉnh".into(),
        steps: vec![
            step("phan-cong", 2, &["tham-dinh"]),
            Step { drafts_result: true, ..step("tham-dinh", 4, &["ky"]) },
            Step { approves: true, role: StepRole::Leader, ..step("ky", 2, &[]) },
        ],
        groups: Vec::new(),
    }
}

pub(super) fn way(channel: Channel) -> Way {
    Way {
        channel,
        limit: Limit::counted(2, LimitUnit::WorkingDays),
        fees: Vec::new(),
        online_payment: false,
        note: None,
    }
}

/// A level 4 procedure with everything it promises.
pub(super) fn content() -> Content {
    Content {
        name: "Thủ tục đăng ký khai sinh".into(),
        field: FieldId::new(Uuid::from_u128(1)),
        level: Level::Commune,
        audiences: BTreeSet::from([Audience::Citizen]),
        publication: Publication::default(),
        service_level: ServiceLevel::FullyOnline,
        legacy_level: Some(4),
        front_door: FrontDoor::Local,
        summary: String::new(),
        steps: vec!["Nộp hồ sơ".into()],
        cases: vec![Case {
            code: "default".into(),
            name: "Trường hợp chung".into(),
            papers: vec![Paper {
                code: "to-khai".into(),
                name: "Tờ khai".into(),
                originals: 1,
                copies: 0,
                need: PaperNeed::OnlineForm,
                condition: None,
                form: Some(FormTemplate {
                    name: "Mẫu tờ khai".into(),
                    url: Some("https://example.org/to-khai.docx".into()),
                }),
                result_code: None,
            }],
            ways: vec![way(Channel::Online), way(Channel::Desk)],
        }],
        results: vec![Outcome { code: None, name: "Giấy khai sinh".into() }],
        legal_bases: vec![LegalBasis {
            number: "60/2014/QH13".into(),
            name: "Luật Hộ tịch".into(),
        }],
        conditions: None,
        contact: Contact::default(),
        keywords: Vec::new(),
        supplement: Supplement::default(),
        form: Some(serde_json::json!({ "type": "object" })),
        process: Some(process()),
        sources: Vec::new(),
        unknown: Vec::new(),
        agencies: Vec::new(),
        notes: Vec::new(),
    }
}
