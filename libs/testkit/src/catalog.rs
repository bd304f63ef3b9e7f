//! The catalog as tests play it: agencies, one calendar, one policy. What is published there each
//! test answers itself.

use chrono::{NaiveDate, Weekday};
use motcua_clockwire as clockwire;
use motcua_fault::Fault;
use motcua_ids::AgencyPath;
use motcua_proto::catalog::v1::{self as proto, Agency};
use motcua_vn::{
    ClockPolicy, SupplementRegime, WorkingCalendar,
    calendar::{CalendarData, DayOff, OfficeHours, OfficeSpan},
    policy::RuleSources,
};

use crate::Neighbour;

/// From Monday to Friday, eight hours a day, from 2026 on, with one day off.
pub fn calendar(day_off: NaiveDate) -> WorkingCalendar {
    let spans = vec![OfficeSpan { open: 420, close: 690 }, OfficeSpan { open: 810, close: 1020 }];
    let week = [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri];
    WorkingCalendar::new(CalendarData {
        name: "calendars/018f0000-0000-7000-8000-000000000001".to_owned(),
        version: "2026.1".to_owned(),
        title: "Lịch thử".to_owned(),
        valid_from: new_year(),
        valid_to: None,
        office_hours: week.map(|weekday| OfficeHours { weekday, spans: spans.clone() }).to_vec(),
        office_hours_source: "Nội quy".to_owned(),
        weekly_rest_source: "Bộ luật Lao động".to_owned(),
        days_off: vec![DayOff {
            date: day_off,
            title: "Ngày nghỉ thử".to_owned(),
            source: "Bộ luật Lao động".to_owned(),
            provisional: false,
        }],
        make_up_days: Vec::new(),
    })
    .unwrap()
}

/// Rules that halve nothing, and shift a due date by what a supplement took.
pub fn policy() -> ClockPolicy {
    let source = || "Căn cứ thử".to_owned();
    ClockPolicy {
        name: "policies/018f0000-0000-7000-8000-000000000002".to_owned(),
        version: "1".to_owned(),
        title: "Quy tắc thử".to_owned(),
        valid_from: new_year(),
        valid_to: None,
        minutes_per_working_day: 480,
        halving: None,
        unshortened: String::new(),
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

/// An agency, with the names of all above it.
pub fn agency(path: &AgencyPath) -> Agency {
    Agency {
        name: path.agency().name(),
        path: path.agencies().iter().map(|agency| agency.name()).collect(),
        ..Agency::default()
    }
}

/// The catalog of these agencies; all go by the calendar and the policy.
pub fn play(agencies: Vec<Agency>, calendar: &WorkingCalendar, policy: &ClockPolicy) -> Neighbour {
    const SERVICE: [&str; 4] = [
        "/motcua.catalog.v1.CatalogService/GetAgency",
        "/motcua.catalog.v1.CatalogService/GetCalendar",
        "/motcua.catalog.v1.CatalogService/GetPolicy",
        "/motcua.catalog.v1.CatalogService/GetClockRules",
    ];
    let calendar = proto::Calendar {
        name: calendar.name().to_owned(),
        content: Some(clockwire::calendar_message(calendar)),
        ..Default::default()
    };
    let policy = proto::Policy {
        name: policy.name.clone(),
        content: Some(clockwire::policy_message(policy)),
        ..Default::default()
    };
    let rules =
        proto::ClockRules { calendar: Some(calendar.clone()), policy: Some(policy.clone()) };
    Neighbour::new()
        .on(SERVICE[0], move |asked: proto::GetAgencyRequest| find(&agencies, &asked))
        .on(SERVICE[1], move |_: proto::GetCalendarRequest| Ok(calendar.clone()))
        .on(SERVICE[2], move |_: proto::GetPolicyRequest| Ok(policy.clone()))
        .on(SERVICE[3], move |_: proto::GetClockRulesRequest| Ok(rules.clone()))
}

/// The agency that is asked for by its name or its code, with its units.
fn find(agencies: &[Agency], asked: &proto::GetAgencyRequest) -> Result<Agency, Fault> {
    let found = agencies.iter().find(|agency| match asked.identifier_code.as_str() {
        "" => agency.name == asked.name,
        code => agency.identifier_code == code,
    });
    let found = found.ok_or_else(|| Fault::not_found("agency"))?;
    let units = agencies.iter().filter(|unit| {
        let above = unit.path.split_last().map(|(_, above)| above);
        !unit.unit_code.is_empty() && above == Some(&found.path[..])
    });
    Ok(Agency { units: units.cloned().collect(), ..found.clone() })
}

fn new_year() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 1, 1).unwrap()
}
