//! The catalog as the tests play it: agencies, one procedure's process, a calendar, a policy.

use std::sync::{Arc, Mutex};

use chrono::NaiveDate;
use motcua_proto::access::v1::Role as RoleMessage;
use motcua_proto::catalog::v1 as catalog;
pub(crate) use motcua_testkit::catalog::policy;
use motcua_testkit::{Neighbour, catalog as testkit};
use motcua_vn::WorkingCalendar;

use crate::support::{COMMUNE, DEPARTMENT, OTHER_COMMUNE, PROVINCE, UNIT, path};

fn step(code: &str, role: RoleMessage, quota: i64, next: &[&str]) -> catalog::ProcessStep {
    catalog::ProcessStep {
        code: code.to_owned(),
        display_name: format!("Bước {code}"),
        role: role.into(),
        unit_code: if role == RoleMessage::Leader { "" } else { "tu-phap" }.to_owned(),
        quota_minutes: quota,
        next: next.iter().map(ToString::to_string).collect(),
        drafts_result: role == RoleMessage::Specialist,
        approves: role == RoleMessage::Leader,
        ..Default::default()
    }
}

/// Head assigns, specialist drafts, leader approves: 1,440 minutes in all.
pub(crate) fn process() -> catalog::ElectronicProcess {
    catalog::ElectronicProcess {
        source: "Quyết định thử".to_owned(),
        steps: vec![
            step("phan-cong", RoleMessage::HeadOfUnit, 240, &["tham-dinh"]),
            step("tham-dinh", RoleMessage::Specialist, 960, &["ky"]),
            step("ky", RoleMessage::Leader, 240, &[]),
        ],
        quota_groups: Vec::new(),
        base_minutes: 1440,
    }
}

/// The same, asking the department beside the appraisal.
pub(crate) fn consulting_process() -> catalog::ElectronicProcess {
    let mut process = process();
    process.steps[1].consults.push(catalog::Consultation {
        code: "so-tu-phap".to_owned(),
        display_name: "Ý kiến Sở Tư pháp".to_owned(),
        agency_code: "H53.01".to_owned(),
        role: RoleMessage::Specialist.into(),
        quota_minutes: 480,
        ..Default::default()
    });
    process
}

pub(crate) fn calendar() -> WorkingCalendar {
    testkit::calendar(NaiveDate::from_ymd_opt(2026, 3, 10).unwrap())
}

fn agencies() -> Vec<catalog::Agency> {
    let known = [PROVINCE, COMMUNE, UNIT, DEPARTMENT, OTHER_COMMUNE];
    let known = known.map(|n| {
        let (identifier_code, unit_code) = match n {
            DEPARTMENT => ("H53.01", ""),
            UNIT => ("", "tu-phap"),
            _ => ("", ""),
        };
        catalog::Agency {
            identifier_code: identifier_code.to_owned(),
            unit_code: unit_code.to_owned(),
            ..testkit::agency(&path(n))
        }
    });
    known.to_vec()
}

/// What the catalog publishes now; processes that began keep what they had.
pub(crate) type Published = Arc<Mutex<Option<catalog::ElectronicProcess>>>;

pub(crate) fn play_catalog(published: &Published) -> Neighbour {
    let published = published.clone();
    testkit::play(agencies(), &calendar(), &policy()).on(
        "/motcua.catalog.v1.CatalogService/GetProcedureVersion",
        move |asked: catalog::GetProcedureVersionRequest| {
            let process = published.lock().unwrap().clone();
            let content = catalog::VersionContent { process, ..Default::default() };
            Ok(catalog::ProcedureVersion {
                name: asked.name,
                content: Some(content),
                ..Default::default()
            })
        },
    )
}
