//! Timers: warned once, overdue once, silent while the clock stands still.

use chrono::Duration;
use motcua_proto::workflow::v1 as proto;
use motcua_testkit::Database;
use proto::Timeliness;

use crate::support::*;

on_both_databases!(
    a_dossier_is_warned_of_and_then_overdue,
    a_paused_dossier_is_never_overdue,
    a_finished_dossier_is_never_overdue,
);

async fn a_dossier_is_warned_of_and_then_overdue(database: Database) {
    let office = Office::open(database).await;
    office.accept(Filed::online(1)).await;
    // A quarter of three working days before Thursday 09:00: Wednesday 09:00 + 120 minutes.
    office.advance(51);
    let near = office
        .env
        .until(async || office.env.said::<proto::DossierNearDue>().await.into_iter().next())
        .await;
    assert_eq!(near.due_time, stamp(utc("2026-03-05T02:00:00Z")));
    assert!(office.env.said::<proto::DossierOverdue>().await.is_empty());
    office.advance(24);
    let overdue = office
        .env
        .until(async || office.env.said::<proto::DossierOverdue>().await.into_iter().next())
        .await;
    assert_eq!(overdue.agency, agency(COMMUNE).name());
    assert_eq!(office.task(1, "phan-cong").await.timeliness(), Timeliness::Overdue);
}

async fn a_paused_dossier_is_never_overdue(database: Database) {
    let office = Office::open(database).await;
    office.accept(Filed::online(1)).await;
    office.to_specialist(1).await;
    office.request_supplement(1, "").await;
    office.advance(24 * 30);
    tokio::time::sleep(std::time::Duration::from_millis(600)).await;
    assert!(office.env.said::<proto::DossierOverdue>().await.is_empty());
    office.provide_supplement(1, "").await;
    office.env.clock.advance(Duration::days(30));
    office
        .env
        .until(async || office.env.said::<proto::DossierOverdue>().await.into_iter().next())
        .await;
}

async fn a_finished_dossier_is_never_overdue(database: Database) {
    let office = Office::open(database).await;
    office.accept(Filed::online(1)).await;
    office.to_desk(1).await;
    office.advance(24 * 30);
    tokio::time::sleep(std::time::Duration::from_millis(600)).await;
    assert!(office.env.said::<proto::DossierOverdue>().await.is_empty());
}
