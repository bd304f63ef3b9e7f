//! Extension with an apology, and the explanation of every change.

use chrono::{DateTime, Utc};
use motcua_context::Role;
use motcua_proto::r#type::v1::{ClockAct, ClockActKind, ClockRowKind};
use motcua_proto::workflow::v1 as proto;
use motcua_testkit::Database;
use motcua_vn::{Clock, SupplementRegime, Terms};
use tonic::{Code, Status};

use crate::support::*;

on_both_databases!(
    an_extension_is_given_once_and_in_time,
    the_explanation_is_counted_anew_from_the_record_alone,
    the_explanation_is_for_the_citizen_too,
);

async fn extend(
    office: &Office,
    by: &motcua_context::Actor,
    new_due: DateTime<Utc>,
) -> Result<proto::Process, Status> {
    let request = proto::ExtendDueDateRequest {
        request_id: office.env.request_id(),
        name: process_name(1),
        etag: String::new(),
        new_due_time: stamp(new_due),
        reason: "Cần xác minh thực địa".to_owned(),
    };
    Ok(office.client(by).extend_due_date(request).await?.into_inner())
}

async fn an_extension_is_given_once_and_in_time(database: Database) {
    let office = Office::open(database).await;
    office.accept(Filed::online(1)).await;
    let later = utc("2026-03-12T02:00:00Z");
    let elsewhere = extend(&office, &officer(71, Role::Leader, DEPARTMENT), later).await;
    assert_eq!(reason(&elsewhere.unwrap_err()), (Code::NotFound, "PROCESS_NOT_FOUND".into()));
    let sunday = extend(&office, &leader(), utc("2026-03-08T02:00:00Z")).await.unwrap_err();
    assert_eq!(reason(&sunday).1, "EXTENSION_OUTSIDE_HOURS");
    assert_eq!(told(&sunday, "next"), "2026-03-09T00:00:00+00:00", "Monday 07:00");
    let earlier = extend(&office, &leader(), utc("2026-03-04T02:00:00Z")).await.unwrap_err();
    assert_eq!(reason(&earlier).1, "EXTENSION_NOT_LATER");

    // Due Thursday 09:00; on Wednesday 09:01 less than a working day is left.
    let process = extend(&office, &head(), later).await.unwrap();
    assert_eq!(process.promised_due_time, stamp(later));
    assert_eq!(process.legal_due_time, stamp(utc("2026-03-05T02:00:00Z")), "the law's stays");
    assert!(process.extended);
    let changed = office.env.said::<proto::DueDateChanged>().await;
    assert_eq!(changed[0].change(), proto::DueDateChange::Extension);
    let twice = extend(&office, &leader(), utc("2026-03-20T02:00:00Z")).await.unwrap_err();
    assert_eq!(reason(&twice).1, "ALREADY_EXTENDED");

    let office = Office::open(database).await;
    office.accept(Filed::online(1)).await;
    office.env.clock.advance(chrono::Duration::minutes(2 * 24 * 60 + 1));
    let late = extend(&office, &leader(), later).await.unwrap_err();
    assert_eq!(reason(&late), (Code::FailedPrecondition, "EXTENSION_TOO_LATE".into()));
}

async fn explain(office: &Office, by: &motcua_context::Actor) -> proto::DueDateExplanation {
    let request = proto::ExplainDueDateRequest { name: process_name(1) };
    office.client(by).explain_due_date(request).await.unwrap().into_inner()
}

async fn the_explanation_is_counted_anew_from_the_record_alone(database: Database) {
    let office = Office::open(database).await;
    office.accept(Filed::online(1)).await;
    office.to_specialist(1).await;
    office.advance(24);
    office.request_supplement(1, "").await;
    office.advance(24 * 7);
    office.provide_supplement(1, "").await;
    extend(&office, &leader(), utc("2026-03-20T08:00:00Z")).await.unwrap();

    let explained = explain(&office, &leader()).await;
    let kinds: Vec<_> = explained.acts.iter().map(ClockAct::kind).collect();
    assert_eq!(
        kinds,
        [
            ClockActKind::Started,
            ClockActKind::Paused,
            ClockActKind::Resumed,
            ClockActKind::Extended
        ]
    );
    assert_eq!(explained.extension_reason, "Cần xác minh thực địa");
    let due = explained.due.unwrap();
    assert!(due.rows.iter().all(|row| !row.source.is_empty() && !row.text.is_empty()));
    assert!(due.rows.iter().any(|row| row.kind() == ClockRowKind::Pause));
    // Paused from Tuesday 09:00 to the next Tuesday, a day off: two working days from Wednesday 07:00.
    assert_eq!(due.legal_due_time, stamp(utc("2026-03-12T10:00:00Z")));

    let calendar = motcua_clockwire::calendar(&explained.calendar.unwrap()).unwrap();
    let policy = motcua_clockwire::policy(&explained.policy.unwrap()).unwrap();
    let limit = explained.limit.unwrap();
    let terms = Terms {
        limit: motcua_clockwire::limit(&limit).unwrap(),
        limit_source: limit.source,
        filed_online: true,
        regime: SupplementRegime::Shift,
    };
    let acts: Vec<_> = explained.acts.iter().filter_map(motcua_clockwire::act).collect();
    let counted = Clock::new(&calendar, &policy, &terms, &acts).unwrap();
    assert_eq!(due.promised_due_time, stamp(counted.due().promised));
    let rows: Vec<_> =
        counted.explain().promised.iter().map(motcua_clockwire::row_message).collect();
    assert_eq!(due.rows, rows, "row for row");
}

async fn the_explanation_is_for_the_citizen_too(database: Database) {
    let office = Office::open(database).await;
    office.accept(Filed::online(1)).await;
    assert!(explain(&office, &citizen()).await.due.is_some());
    let wire = office.env.service("notification");
    let mut notification = proto::workflow_service_client::WorkflowServiceClient::new(wire);
    let request = proto::ExplainDueDateRequest { name: process_name(1) };
    notification.explain_due_date(request).await.unwrap();
    let stranger = motcua_context::Actor::Person(motcua_context::Person::citizen(account(98)));
    let request = proto::ExplainDueDateRequest { name: process_name(1) };
    let hidden = office.client(&stranger).explain_due_date(request).await.unwrap_err();
    assert_eq!(reason(&hidden), (Code::NotFound, "PROCESS_NOT_FOUND".into()));
    office.accept(Filed { days: None, ..Filed::online(2) }).await;
    let request = proto::ExplainDueDateRequest { name: process_name(2) };
    let none = office.client(&leader()).explain_due_date(request).await.unwrap().into_inner();
    assert!(none.due.is_none(), "no due date, nothing to explain");
}
