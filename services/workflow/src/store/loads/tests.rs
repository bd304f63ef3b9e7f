//! What is counted, and the database's own plan for it.

use motcua_testkit::{Database, TestEnv, on_each_database, plan};
use sea_orm::DbBackend;

use super::*;
use crate::Workflow;
use crate::domain::{TaskDue, Timeliness};

/// Rows of others, for each that is counted.
const MANY: u32 = 10_000;

fn morning() -> Morning {
    Morning::at("2026-03-02T00:15:00Z".parse().unwrap())
}

fn agency(n: u128) -> AgencyId {
    AgencyId::new(Uuid::from_u128(n))
}

/// Below the root, which is 9.
fn path(n: u128) -> AgencyPath {
    AgencyPath::root(agency(9)).child(agency(n))
}

fn officer() -> AccountId {
    AccountId::new(Uuid::from_u128(7))
}

/// A literal of the database.
fn uuid(db: &impl ConnectionTrait, n: u128) -> String {
    match db.get_database_backend() {
        DbBackend::Postgres => format!("'{}'::uuid", Uuid::from_u128(n)),
        _ => format!("x'{}'", Uuid::from_u128(n).simple()),
    }
}

/// So many rows, each with a number `n`.
fn series(db: &impl ConnectionTrait, rows: u32) -> String {
    match db.get_database_backend() {
        DbBackend::Postgres => format!("generate_series(1, {rows}) AS n"),
        _ => format!(
            "(WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {rows}) \
             SELECT n FROM s)"
        ),
    }
}

fn new_id(db: &impl ConnectionTrait) -> &'static str {
    match db.get_database_backend() {
        DbBackend::Postgres => "gen_random_uuid()",
        _ => "randomblob(16)",
    }
}

async fn run(db: &impl ConnectionTrait, sql: String) {
    db.execute_unprepared(&sql).await.unwrap();
}

/// Processes in a state, of a desk and a competent agency, promised for an instant.
async fn processes(
    db: &impl ConnectionTrait,
    id: &str,
    rows: u32,
    state: &str,
    at: u128,
    due: &str,
) {
    let (any, path, series) = (uuid(db, 1), path(at).text(), series(db, rows));
    let sql = format!(
        "INSERT INTO process (id, code, procedure, procedure_version, case_code, online, \
         receiving, competent, accepted_at, state, promised_due_at, definition, clock_rules, \
         clock_acts, progress, version) SELECT {id}, 'H53-1', {any}, {any}, 'x', true, '{path}', \
         '{path}', '{due}', '{state}', '{due}', 'x', 'x', 'x', 'x', 1 FROM {series}"
    );
    run(db, sql).await;
}

/// Tasks of process 1 in a state, in the queue of specialists at an agency, with a due key.
async fn tasks(
    db: &impl ConnectionTrait,
    rows: u32,
    state: &str,
    at: u128,
    holder: &str,
    due: &str,
) {
    let (id, process, post) = (new_id(db), uuid(db, 1), path(at).text());
    let (agency, series) = (uuid(db, at), series(db, rows));
    let sql = format!(
        "INSERT INTO task (id, process, position, step, name, role, agency, post, opened_at, \
         state, is_open, holder, rank, due_key) SELECT {id}, {process}, 1, 'x', 'x', 'specialist', \
         {agency}, '{post}', '2026-03-01T02:00:00Z', '{state}', {}, {holder}, 0, {due} FROM {series}",
        state != "done"
    );
    run(db, sql).await;
}

/// Due times around now and around the end of the day, and none.
fn dues() -> [i64; 6] {
    let (now, ends) = (morning().now().timestamp_micros(), morning().ends().timestamp_micros());
    [now - 1, now, now + 1, ends - 1, ends, i64::MAX]
}

async fn what_presses_is_counted_by_the_day(database: Database) {
    let env = TestEnv::<Workflow>::builder().on(database).start().await;
    let db = env.store.reader();
    processes(db, &uuid(db, 1), 1, "running", 4, "2026-03-05T02:00:00Z").await;
    let own = uuid(db, 7);
    for due in dues() {
        tasks(db, 1, "waiting", 2, "NULL", &due.to_string()).await;
        tasks(db, 1, "held", 3, &own, &due.to_string()).await;
    }
    let late = dues()[0].to_string();
    // Neither what is put by nor what is over awaits anybody; nor what others hold.
    for (state, holder) in [("suspended", &own), ("done", &own), ("held", &uuid(db, 8))] {
        tasks(db, 5, state, 2, holder, &late).await;
    }

    let expected = Load { tasks: 6, due_today: 3, overdue: 1 };
    let (load, urgent) = Loads.queue(db, Role::Specialist, agency(2), morning()).await.unwrap();
    assert_eq!((load, urgent.len()), (expected, 4));
    assert!(urgent.is_sorted_by_key(|task| task.due));
    assert_eq!((urgent[0].process.uuid(), urgent[0].code.as_str()), (Uuid::from_u128(1), "H53-1"));
    let (held, urgent) = Loads.held(db, officer(), morning()).await.unwrap();
    assert_eq!(held, BTreeMap::from([(Role::Specialist, expected)]));
    assert_eq!(urgent.len(), 4);
    // As the queue shows it.
    let now = morning().now();
    for (task, late) in urgent.iter().zip([true, false, false, false]) {
        let due = TaskDue { at: task.due, near_at: task.due };
        assert_eq!(due.while_open(now) == Timeliness::Overdue, late, "{task:?}");
    }
    let none = Loads.queue(db, Role::Leader, agency(2), morning()).await.unwrap();
    assert_eq!(none, (Load::default(), Vec::new()));

    for (rows, state, at, due) in [
        (3, "finished", 5, "2026-03-01T02:00:00Z"),
        (4, "finished", 6, "2026-03-01T02:00:00Z"),
        (2, "running", 5, "2026-03-02T00:14:59Z"),
        (9, "running", 5, "2026-03-02T00:15:00Z"),
        (8, "awaiting_supplement", 5, "2026-03-01T02:00:00Z"),
    ] {
        processes(db, new_id(db), rows, state, at, due).await;
    }
    assert_eq!(Loads.at_desk(db, &path(5)).await.unwrap(), 3);
    assert_eq!(Loads.at_desk(db, &AgencyPath::root(agency(9))).await.unwrap(), 0);
    assert_eq!(Loads.late(db, morning()).await.unwrap(), [(path(5), 2)]);
}

/// Each count reads an index, whatever else there is.
async fn nothing_is_counted_through(database: Database) {
    let env = TestEnv::<Workflow>::builder().on(database).start().await;
    let db = env.store.reader();
    processes(db, &uuid(db, 1), 1, "running", 4, "2026-03-05T02:00:00Z").await;
    processes(db, new_id(db), MANY, "running", 4, "2026-03-05T02:00:00Z").await;
    processes(db, new_id(db), MANY, "closed", 4, "2026-03-01T02:00:00Z").await;
    processes(db, new_id(db), 5, "finished", 5, "2026-03-01T02:00:00Z").await;
    tasks(db, MANY, "done", 3, new_id(db), "n").await;
    tasks(db, 200, "done", 3, &uuid(db, 7), "n").await;
    tasks(db, MANY, "waiting", 3, "NULL", "n").await;
    tasks(db, 5, "waiting", 2, "NULL", "n").await;
    tasks(db, 5, "held", 3, &uuid(db, 7), "n").await;
    run(db, "ANALYZE".to_owned()).await;
    let [now, ends] = keys(morning());
    let (holder, queue): (Value, Value) = (officer().uuid().into(), agency(2).uuid().into());
    let role: Value = "specialist".into();
    for (sql, values, index) in [
        (HELD, vec![holder.clone(), now.clone(), ends.clone()], "task_held"),
        (HELD_URGENT, vec![holder, ends.clone()], "task_held"),
        (QUEUED, vec![queue.clone(), role.clone(), now, ends.clone()], "task_queue"),
        (QUEUED_URGENT, vec![queue, role, ends], "task_queue"),
        (AT_DESK, vec![path(5).text().into()], "process_desk"),
        (LATE, vec![morning().now().into()], "process_due"),
    ] {
        let backend = db.get_database_backend();
        let plan = plan(db, Statement::from_sql_and_values(backend, sql, values)).await;
        assert!(plan.contains(index), "{sql}: {plan}");
        assert!(!plan.contains("Seq Scan"), "{sql}: {plan}");
    }
}

#[tokio::test]
async fn counted_on_sqlite() {
    on_each_database(Database::Sqlite, what_presses_is_counted_by_the_day).await;
}

#[tokio::test]
async fn counted_on_postgres() {
    on_each_database(Database::Postgres, what_presses_is_counted_by_the_day).await;
}

#[tokio::test]
async fn planned_on_sqlite() {
    on_each_database(Database::Sqlite, nothing_is_counted_through).await;
}

#[tokio::test]
async fn planned_on_postgres() {
    on_each_database(Database::Postgres, nothing_is_counted_through).await;
}
