//! Every process that lives has somebody who acts next and a time by which, whatever happened.

use motcua_context::Role;
use motcua_ids::Uuid;
use motcua_proto::workflow::v1 as proto;
use motcua_testkit::Database;
use sea_orm::{ConnectionTrait, Statement};

use crate::support::*;

on_both_databases!(a_living_process_has_a_next_actor_and_a_next_time);

/// Processes at work whose step nobody can take or holds.
const STRANDED: &str = "SELECT p.id FROM process p WHERE p.state = 'running' AND NOT EXISTS (
    SELECT 1 FROM task t WHERE t.process = p.id AND t.is_open AND t.consult IS NULL
    AND (t.state = 'waiting' OR t.state = 'held' AND t.holder IS NOT NULL))";

/// Tasks held by officers who are barred or hold no role.
const HELD_BY_NOBODY: &str = "SELECT t.id FROM task t JOIN officer o ON o.account = t.holder
    WHERE t.is_open AND (o.disabled OR o.grants = '[]')";

/// Processes at work with an appointment ahead that no timer watches.
const UNWATCHED: &str = "SELECT p.id FROM process p WHERE p.state = 'running'
    AND p.promised_due_at IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM due d WHERE d.subject = p.id AND d.name = 'process-overdue')";

/// Processes that wait or are over, and open tasks or timers that go on all the same.
const RESTLESS: &str = "SELECT p.id FROM process p WHERE p.state <> 'running' AND (
    EXISTS (SELECT 1 FROM task t WHERE t.process = p.id AND t.is_open AND t.state <> 'suspended')
    OR EXISTS (SELECT 1 FROM due d WHERE d.subject = p.id))";

async fn found(office: &Office, sql: &str) -> Vec<Uuid> {
    let db = office.env.store.reader();
    let asked = Statement::from_string(db.get_database_backend(), sql);
    let rows = db.query_all_raw(asked).await.unwrap();
    rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
}

async fn all_live(office: &Office) {
    for (what, sql) in [
        ("nobody acts next", STRANDED),
        ("who acts next has left", HELD_BY_NOBODY),
        ("no time is watched", UNWATCHED),
        ("something goes on", RESTLESS),
    ] {
        assert_eq!(found(office, sql).await, Vec::<Uuid>::new(), "{what}");
    }
}

async fn send_back(office: &Office, n: u128) {
    let request = proto::SendBackTaskRequest {
        request_id: office.env.request_id(),
        name: office.task(n, "ky").await.name,
        reason: "Xem lại".to_owned(),
        ..Default::default()
    };
    office.client(&leader()).send_back_task(request).await.unwrap();
}

async fn a_living_process_has_a_next_actor_and_a_next_time(database: Database) {
    let office = Office::open(database).await;
    office.publish(Some(consulting_process()));
    for n in 1..=6 {
        office.accept(Filed::online(n)).await;
        all_live(&office).await;
    }
    office.told_of(&specialist(), 1).await;
    office.to_specialist(2).await;
    office.to_specialist(3).await;
    office.request_supplement(3, "").await;
    all_live(&office).await;
    office.publish(None);
    office.accept(Filed::online(7)).await;
    office.publish(Some(crate::neighbours::process()));
    for n in 8..=10 {
        office.accept(Filed::online(n)).await;
    }
    office.to_leader(8).await;
    office.to_leader(9).await;
    office.to_desk(10).await;
    send_back(&office, 9).await;
    all_live(&office).await;

    // The specialist moves to another post: what she held waits for others.
    office.told_of(&officer(12, Role::Auditor, PROVINCE), 2).await;
    all_live(&office).await;
    send_back(&office, 8).await;
    all_live(&office).await;
    office.provide_supplement(3, "").await;
    all_live(&office).await;
    let colleague = officer(22, Role::Specialist, UNIT);
    for n in [2, 3, 8, 9] {
        office.take(n, "tham-dinh", &colleague).await.unwrap();
    }
    let running = found(&office, "SELECT id FROM process WHERE state = 'running'").await;
    assert_eq!(running.len(), 9, "all but the one whose result is at the desk");
}
