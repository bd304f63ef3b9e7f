use motcua_ids::Uuid;
use motcua_proto::{
    intake::v1::{DossierState, ResultReady},
    workflow::v1 as workflow,
};
use motcua_testkit::Database;

use crate::{
    office::{Province, citizen, key},
    support::{Answer, on_both_databases},
};

on_both_databases!(
    a_fact_counts_once_and_late_ones_not_at_all,
    due_dates_follow_workflow,
    what_happened_there_is_dated_there,
    what_cannot_be_true_waits_for_a_person,
    what_is_remembered_of_the_catalog_is_forgotten_when_it_changes,
);

async fn a_fact_counts_once_and_late_ones_not_at_all(database: Database) {
    let province = Province::open(database).await;
    let dossier = province.processing(&citizen(1)).await;
    let approved = workflow::ResultApproved {
        dossier: dossier.name.clone(),
        version: 5,
        result: format!("results/{}", Uuid::from_u128(6)),
        ..Default::default()
    };
    let envelope = province.env.envelope(key(&dossier.name), &approved);
    assert_eq!(province.env.tell_again(envelope.clone()).await, None);
    assert_eq!(province.env.tell_again(envelope).await, None);
    // The same fact as another event, and older ones.
    assert_eq!(province.env.tell(key(&dossier.name), &approved).await, None);
    province.needed(&dossier.name, 4).await;
    province.started(&dossier.name).await;
    assert_eq!(province.state(&dossier.name).await, DossierState::ResultReady);
    assert_eq!(province.env.said::<ResultReady>().await.len(), 1);
}

async fn due_dates_follow_workflow(database: Database) {
    let province = Province::open(database).await;
    let me = citizen(1);
    let dossier = province.processing(&me).await;
    let moved = |version, seconds| workflow::DueDateChanged {
        dossier: dossier.name.clone(),
        version,
        promised_due_time: Some(prost_types::Timestamp { seconds, nanos: 0 }),
        legal_due_time: dossier.legal_due_time,
        ..Default::default()
    };
    let key = key(&dossier.name);
    assert_eq!(province.env.tell(key, &moved(4, 1_800_000_000)).await, None);
    assert_eq!(province.env.tell(key, &moved(3, 1_700_000_000)).await, None);
    let now = province.get(&me, &dossier.name).await;
    assert_eq!(now.promised_due_time.unwrap().seconds, 1_800_000_000);
    assert_eq!(now.legal_due_time, dossier.legal_due_time);
}

async fn what_happened_there_is_dated_there(database: Database) {
    let province = Province::open(database).await;
    let me = citizen(1);
    let dossier = province.processing(&me).await;
    let finished = province.env.now();
    // The news comes a day late: on time is on time all the same.
    province.env.clock.advance(chrono::TimeDelta::days(1));
    let approved = workflow::ResultApproved {
        dossier: dossier.name.clone(),
        version: 5,
        result: format!("results/{}", Uuid::from_u128(6)),
        finish_time: Some(std::time::SystemTime::from(finished).into()),
        ..Default::default()
    };
    assert_eq!(province.env.tell(key(&dossier.name), &approved).await, None);
    let now = province.get(&me, &dossier.name).await;
    assert_eq!(now.finish_time.unwrap().seconds, finished.timestamp());
}

async fn what_is_remembered_of_the_catalog_is_forgotten_when_it_changes(database: Database) {
    let remembering =
        |builder: motcua_testkit::Builder<_>| builder.set("intake.catalog_seconds=60");
    let province = Province::open_with(database, remembering).await;
    let me = citizen(1);
    let version = async || province.create(&me, Province::filled()).await.done().procedure_version;
    let first = version().await;
    province.world.lock().unwrap().revision = 1;
    assert_eq!(version().await, first, "asked for once a minute");
    let published = motcua_proto::catalog::v1::ProcedureVersionPublished::default();
    assert_eq!(province.env.tell(Uuid::from_u128(1), &published).await, None);
    assert_ne!(version().await, first);
}

async fn what_cannot_be_true_waits_for_a_person(database: Database) {
    let province = Province::open(database).await;
    let filed = province.submitted(&citizen(1)).await;
    let started =
        workflow::ProcessStarted { dossier: filed.name.clone(), version: 1, ..Default::default() };
    let parked = province.env.tell(key(&filed.name), &started).await;
    assert!(parked.unwrap().contains("NOT_ACCEPTED"));
    let unknown = Uuid::from_u128(12345);
    let started = workflow::ProcessStarted {
        dossier: format!("dossiers/{unknown}"),
        version: 1,
        ..Default::default()
    };
    assert!(province.env.tell(unknown, &started).await.unwrap().contains("NOT_FOUND"));
    let nonsense = workflow::ProcessStarted { dossier: "x".into(), ..Default::default() };
    let parked = province.env.tell(Uuid::from_u128(54321), &nonsense).await;
    assert!(parked.unwrap().contains("EVENT_INVALID"));
}
