//! The catalog as the tests play it: agencies, one procedure's process, a calendar, a policy.

use std::sync::{Arc, Mutex};

use chrono::{NaiveDate, Weekday};
use motcua_clockwire as clockwire;
use motcua_fault::Fault;
use motcua_proto::access::v1::Role as RoleMessage;
use motcua_proto::catalog::v1 as catalog;
use motcua_testkit::Neighbour;
use motcua_vn::calendar::{CalendarData, DayOff, OfficeHours, OfficeSpan};
use motcua_vn::policy::RuleSources;
use motcua_vn::{ClockPolicy, SupplementRegime, WorkingCalendar};

use crate::support::{COMMUNE, DEPARTMENT, OTHER_COMMUNE, PROVINCE, UNIT, agency, path};

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
    let day = |m, d| NaiveDate::from_ymd_opt(2026, m, d).unwrap();
    let spans = vec![OfficeSpan { open: 420, close: 690 }, OfficeSpan { open: 810, close: 1020 }];
    let week = [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri];
    WorkingCalendar::new(CalendarData {
        name: "calendars/018f0000-0000-7000-8000-000000000001".to_owned(),
        version: "1".to_owned(),
        title: "Lịch thử".to_owned(),
        valid_from: day(1, 1),
        valid_to: None,
        office_hours: week.map(|weekday| OfficeHours { weekday, spans: spans.clone() }).to_vec(),
        office_hours_source: "Nội quy".to_owned(),
        weekly_rest_source: "Bộ luật Lao động".to_owned(),
        days_off: vec![DayOff {
            date: day(3, 10),
            title: "Ngày nghỉ thử".to_owned(),
            source: "Bộ luật Lao động".to_owned(),
        }],
        make_up_days: Vec::new(),
    })
    .unwrap()
}

pub(crate) fn policy() -> ClockPolicy {
    let source = || "Căn cứ thử".to_owned();
    ClockPolicy {
        name: "policies/018f0000-0000-7000-8000-000000000002".to_owned(),
        version: "1".to_owned(),
        title: "Quy tắc thử".to_owned(),
        valid_from: NaiveDate::from_ymd_opt(2026, 1, 1).unwrap(),
        valid_to: None,
        minutes_per_working_day: 480,
        halving: None,
        supplement_regime: SupplementRegime::Shift,
        supplement_days: 30,
        same_day_cut_off_minute: 900,
        online_notice_minutes: 480,
        other_notice_minutes: 480,
        sources: RuleSources {
            limit: source(),
            start: source(),
            working_day: source(),
            calendar_day: source(),
            month: source(),
            ends_on_day_off: source(),
            same_day: source(),
            supplement: source(),
            payment: source(),
            withdrawal: source(),
            extension: source(),
            notice: source(),
        },
    }
}

fn agency_message(n: u128) -> catalog::Agency {
    let units = match n {
        COMMUNE => vec![catalog::Agency {
            name: agency(UNIT).name(),
            unit_code: "tu-phap".to_owned(),
            ..Default::default()
        }],
        _ => Vec::new(),
    };
    catalog::Agency {
        name: agency(n).name(),
        path: path(n).agencies().iter().map(|agency| agency.name()).collect(),
        units,
        ..Default::default()
    }
}

/// What the catalog publishes now; processes that began keep what they had.
pub(crate) type Published = Arc<Mutex<Option<catalog::ElectronicProcess>>>;

pub(crate) fn play_catalog(published: &Published) -> Neighbour {
    let published = published.clone();
    let agency_of = |asked: catalog::GetAgencyRequest| {
        let known = [PROVINCE, COMMUNE, UNIT, DEPARTMENT, OTHER_COMMUNE];
        let by_code = (asked.identifier_code == "H53.01").then_some(DEPARTMENT);
        let found = known.into_iter().find(|n| agency(*n).name() == asked.name).or(by_code);
        found.map(agency_message).ok_or_else(|| Fault::not_found("agency"))
    };
    Neighbour::new()
        .on(
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
        .on("/motcua.catalog.v1.CatalogService/GetAgency", agency_of)
        .on(
            "/motcua.catalog.v1.CatalogService/GetCalendar",
            |asked: catalog::GetCalendarRequest| {
                Ok(catalog::Calendar {
                    name: asked.name,
                    content: Some(clockwire::calendar_message(&calendar())),
                    ..Default::default()
                })
            },
        )
        .on("/motcua.catalog.v1.CatalogService/GetPolicy", |asked: catalog::GetPolicyRequest| {
            Ok(catalog::Policy {
                name: asked.name,
                content: Some(clockwire::policy_message(&policy())),
                ..Default::default()
            })
        })
}
