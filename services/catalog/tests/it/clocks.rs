//! Calendars and clock policies.

use motcua_proto::catalog::v1 as proto;
use motcua_testkit::Database;

use crate::support::{Stage, reason, violations};

async fn rules(stage: &Stage, agency: &str, number: &str, date: &str) -> proto::ClockRules {
    let procedure =
        if number.is_empty() { String::new() } else { stage.procedure(number).await.name };
    let agency = stage.agency(agency).await.name;
    let asked = proto::GetClockRulesRequest { agency, procedure, date: date.into() };
    stage.public().get_clock_rules(asked).await.unwrap().into_inner()
}

async fn rules_hold_for_an_agency_below_and_a_procedure_of_the_level(database: Database) {
    let stage = Stage::open(database).await;
    let online = rules(&stage, "H53.41", "1.001193", "").await;
    assert_eq!(online.calendar.unwrap().code, "viet-nam");
    let policy = online.policy.unwrap();
    assert_eq!(policy.code, "tay-ninh");
    assert!(policy.content.unwrap().halving.is_some());
    let plain = rules(&stage, "H53.41", "2.000815", "").await.policy.unwrap();
    assert_eq!(plain.code, "mac-dinh", "a level 1 procedure is not halved");
    let branch = rules(&stage, "G01.53.41", "1.001193", "").await.policy.unwrap();
    assert_eq!(branch.code, "mac-dinh", "the province's policy does not bind a ministry's branch");
    let ward = rules(&stage, "H53.41", "1.001193", "").await.policy.unwrap();
    assert_eq!(ward.agency_kinds.len(), 4);
}

async fn without_rules_the_refusal_says_so(database: Database) {
    let stage = Stage::open(database).await;
    let agency = stage.agency("H53.41").await.name;
    let asked =
        proto::GetClockRulesRequest { agency, date: "2001-01-01".into(), ..Default::default() };
    let refused = stage.public().get_clock_rules(asked).await.unwrap_err();
    assert_eq!(reason(&refused), "CLOCK_RULES_MISSING");
}

async fn an_agency_may_have_its_own_calendar_from_a_day(database: Database) {
    let stage = Stage::open(database).await;
    let general = rules(&stage, "H53.41", "", "").await.calendar.unwrap();
    let commune = stage.agency("H53.41").await.name;
    let mut content = general.content.clone().unwrap();
    content.valid_from = String::new();
    content.days_off.clear();
    content.make_up_days.clear();
    let publish = |from: &str, code: &str| proto::PublishCalendarRequest {
        request_id: stage.id(),
        calendar: Some(proto::Calendar {
            code: code.into(),
            display_name: "Lịch riêng của phường".into(),
            agencies: vec![commune.clone()],
            effective_from: from.into(),
            content: Some(content.clone()),
            ..Default::default()
        }),
    };
    let own = stage.admin().publish_calendar(publish("2026-04-01", "rieng")).await;
    let own = own.unwrap().into_inner();
    assert_eq!(own.content.as_ref().unwrap().name, own.name);
    let day = |date: &'static str| rules(&stage, "H53.41", "", date);
    assert_eq!(day("2026-03-31").await.calendar.unwrap().name, general.name);
    assert_eq!(day("2026-04-01").await.calendar.unwrap().name, own.name);
    let neighbour = rules(&stage, "H53.42", "", "2026-04-01").await.calendar.unwrap();
    assert_eq!(neighbour.name, general.name);

    let behind = stage.admin().publish_calendar(publish("2026-03-15", "rieng")).await.unwrap_err();
    assert_eq!(reason(&behind), "NOT_NEWEST");
    let second = stage.admin().publish_calendar(publish("2026-04-01", "rieng")).await;
    assert_eq!(second.unwrap().into_inner().revision, 2);

    let asked = proto::GetCalendarRequest { name: own.name.clone() };
    assert_eq!(stage.public().get_calendar(asked).await.unwrap().into_inner(), own);
    let asked = proto::ListCalendarsRequest { agency: commune, ..Default::default() };
    let listed = stage.public().list_calendars(asked).await.unwrap().into_inner();
    assert_eq!(listed.calendars.len(), 2);
    let said: Vec<proto::CalendarChanged> = stage.env.said().await;
    assert_eq!(said.iter().filter(|event| event.effective_from == "2026-04-01").count(), 2);
}

async fn a_calendar_or_policy_that_makes_no_sense_is_refused(database: Database) {
    let stage = Stage::open(database).await;
    let asked = proto::PublishCalendarRequest {
        request_id: stage.id(),
        calendar: Some(proto::Calendar::default()),
    };
    let refused = stage.admin().publish_calendar(asked).await.unwrap_err();
    assert_eq!(violations(&refused), ["calendar.code", "calendar.agencies"]);

    let asked = proto::ListPoliciesRequest::default();
    let mut policy =
        stage.public().list_policies(asked).await.unwrap().into_inner().policies.remove(0);
    policy.content.as_mut().unwrap().supplement_days = 0;
    policy.effective_from = "2027-01-01".into();
    policy.content.as_mut().unwrap().valid_from = "2027-01-01".into();
    let asked =
        proto::PublishPolicyRequest { request_id: stage.id(), policy: Some(policy.clone()) };
    let refused = stage.admin().publish_policy(asked).await.unwrap_err();
    assert!(!violations(&refused).is_empty());

    policy.content.as_mut().unwrap().supplement_days = 20;
    let asked = proto::PublishPolicyRequest { request_id: stage.id(), policy: Some(policy) };
    let published = stage.admin().publish_policy(asked).await.unwrap().into_inner();
    assert_eq!(published.revision, 2);
    let asked = proto::GetPolicyRequest { name: published.name.clone() };
    assert_eq!(stage.public().get_policy(asked).await.unwrap().into_inner(), published);
}

crate::support::on_both_databases! {
    rules_hold_for_an_agency_below_and_a_procedure_of_the_level,
    without_rules_the_refusal_says_so,
    an_agency_may_have_its_own_calendar_from_a_day,
    a_calendar_or_policy_that_makes_no_sense_is_refused,
}
