//! Calendars and clock policies.

use motcua_proto::catalog::v1 as proto;
use motcua_testkit::Database;

use crate::{
    publishing::{edit, publish_edited},
    support::{Stage, reason, violations},
};

async fn rules(stage: &Stage, agency: &str, number: &str, date: &str) -> proto::ClockRules {
    let procedure =
        if number.is_empty() { String::new() } else { stage.procedure(number).await.name };
    let agency = stage.agency(agency).await.name;
    let date = date.into();
    let asked = proto::GetClockRulesRequest { agency, procedure, date, ..Default::default() };
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

async fn the_version_filed_under_decides_the_policy(database: Database) {
    let stage = Stage::open(database).await;
    let before = stage.procedure("1.001193").await;
    let rated = |level| move |content: &mut proto::VersionContent| content.legacy_level = level;
    let later = publish_edited(&stage, "1.001193", rated(2)).await;
    let agency = stage.agency("H53.41").await.name;
    let by = |version: &str, procedure: &str| proto::GetClockRulesRequest {
        agency: agency.clone(),
        procedure: procedure.into(),
        version: version.into(),
        ..Default::default()
    };
    let policy = async |asked| {
        let answer = stage.public().get_clock_rules(asked).await.unwrap().into_inner();
        answer.policy.unwrap().code
    };
    assert_eq!(policy(by("", &before.name)).await, "mac-dinh", "as rated today");
    assert_eq!(policy(by(&before.current_version, &before.name)).await, "tay-ninh");
    assert_eq!(policy(by(&before.current_version, "")).await, "tay-ninh");
    assert_eq!(policy(by(&later.name, "")).await, "mac-dinh");
    let draft = stage.draft("1.001193").await.name;
    let another = stage.procedure("1.000894").await.name;
    for asked in [by(&draft, ""), by(&before.current_version, &another)] {
        let refused = stage.public().get_clock_rules(asked).await.unwrap_err();
        assert_eq!(reason(&refused), "PROCEDURE_VERSION_NOT_FOUND");
    }
}

async fn an_unknown_level_is_said_and_never_shortened(database: Database) {
    let stage = Stage::open(database).await;
    let unknown = |listed: bool| {
        move |content: &mut proto::VersionContent| {
            content.service_level = 0;
            content.legacy_level = 0;
            if listed {
                content.unknown_paths.push("service_level".into());
            }
        }
    };
    let forgotten = edit(&stage, "1.000894", unknown(false)).await.unwrap_err();
    assert_eq!(violations(&forgotten), ["content.service_level"]);
    publish_edited(&stage, "1.001193", unknown(true)).await;
    assert_eq!(stage.procedure("1.001193").await.service_level, 0);
    let policy = rules(&stage, "H53.41", "1.001193", "").await.policy.unwrap();
    let content = policy.content.unwrap();
    assert_eq!((policy.code.as_str(), content.halving), ("mac-dinh", None));
    assert!(content.unshortened.contains("Chưa rõ mức độ"), "{}", content.unshortened);
    let known = rules(&stage, "H53.41", "2.000815", "").await.policy.unwrap();
    assert_eq!(known.content.unwrap().unshortened, "", "its level is known, and too low");
    let asked = proto::GetPolicyRequest { name: policy.name };
    let published = stage.public().get_policy(asked).await.unwrap().into_inner();
    assert_eq!(published.content.unwrap().unshortened, "");
}

async fn days_off_that_nobody_announced_yet_are_marked(database: Database) {
    let stage = Stage::open(database).await;
    let calendar = rules(&stage, "H53.41", "", "").await.calendar.unwrap().content.unwrap();
    let marked: Vec<_> = (calendar.days_off.iter().filter(|day| day.provisional))
        .map(|day| day.date.as_str())
        .collect();
    assert_eq!(
        marked,
        ["2027-02-04", "2027-02-05", "2027-02-08", "2027-02-09", "2027-02-10", "2027-09-03"]
    );
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

    // A revision from a day far off would keep the province from correcting its own.
    let late = publish("2026-12-01", &general.code);
    let seized = stage.admin_of(&commune).publish_calendar(late).await.unwrap_err();
    assert_eq!(reason(&seized), "NOT_ADMINISTRATOR");
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
    the_version_filed_under_decides_the_policy,
    an_unknown_level_is_said_and_never_shortened,
    days_off_that_nobody_announced_yet_are_marked,
    without_rules_the_refusal_says_so,
    an_agency_may_have_its_own_calendar_from_a_day,
    a_calendar_or_policy_that_makes_no_sense_is_refused,
}
