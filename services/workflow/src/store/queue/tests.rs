//! The database's own plan for a page of a queue.

use motcua_testkit::{Database, TestEnv, on_each_database, plan};
use sea_orm::{DbBackend, QueryTrait};

use super::*;
use crate::Workflow;

/// Tasks of each of two busy queues, and of a quiet one.
const BUSY: u32 = 20_000;
const QUIET: u32 = 20;

fn agency(n: u128) -> AgencyId {
    AgencyId::new(Uuid::from_u128(n))
}

/// The root is 9, the queues are 1, 2 and 3.
fn path(n: u128) -> AgencyPath {
    AgencyPath::root(agency(9)).child(agency(n))
}

/// One process with the waiting tasks of all three queues.
async fn fill(db: &impl ConnectionTrait) {
    let run = async |sql: String| {
        db.execute_unprepared(&sql).await.unwrap();
    };
    let postgres = db.get_database_backend() == DbBackend::Postgres;
    let uuid = |n: u32| {
        if postgres {
            format!("'00000000-0000-0000-0000-00000000000{n}'::uuid")
        } else {
            format!("x'0000000000000000000000000000000{n}'")
        }
    };
    let series = |tasks: u32| {
        if postgres {
            format!("generate_series(1, {tasks}) AS n")
        } else {
            format!(
                "(WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {tasks}) \
                 SELECT n FROM s)"
            )
        }
    };
    let id = if postgres { "gen_random_uuid()" } else { "randomblob(16)" };
    let (process, now) = (uuid(1), "'2026-03-02T02:00:00Z'");
    run(format!(
        "INSERT INTO process (id, code, procedure, procedure_version, case_code, online, \
         receiving, competent, accepted_at, state, definition, clock_rules, clock_acts, progress, \
         version) VALUES ({process}, 'x', {process}, {process}, 'x', true, 'x', 'x', {now}, 'x', \
         'x', 'x', 'x', 'x', 1)"
    ))
    .await;
    for (n, tasks) in [(1, BUSY), (2, BUSY), (3, QUIET)] {
        let (queue, post, series) = (uuid(n), path(n.into()).text(), series(tasks));
        run(format!(
            "INSERT INTO task (id, process, position, step, name, role, agency, post, opened_at, \
             state, is_open, rank, due_key) \
             SELECT {id}, {process}, 1, 'x', 'x', 'leader', {queue}, '{post}', {now}, 'waiting', \
             true, n % 2, n * 1000 FROM {series}"
        ))
        .await;
    }
    run("ANALYZE".to_owned()).await;
}

async fn plan_of(db: &impl ConnectionTrait, which: Which) -> String {
    let backend = db.get_database_backend();
    let after = Position { rank: 0, due_key: 10_000, id: Uuid::nil() };
    plan(db, query(which, Some(after), 50).unwrap().build(backend)).await
}

async fn a_page_is_read_from_an_index(database: Database) {
    let env = TestEnv::<Workflow>::builder().on(database).start().await;
    let db = env.store.reader();
    fill(db).await;
    let by_path = if database == Database::Postgres { "task_below" } else { "task_due" };
    for (which, index) in [
        (Which::Waiting(Role::Leader, agency(1)), "task_queue"),
        (Which::Open(Role::Leader, agency(1)), "task_open"),
        (Which::HeldBy(AccountId::new(Uuid::from_u128(9))), "task_held"),
        (Which::Below(AgencyPath::root(agency(9))), "task_due"),
        (Which::Below(path(3)), by_path),
    ] {
        let plan = plan_of(db, which.clone()).await;
        assert!(plan.contains(index), "{which:?}: {plan}");
        assert!(!plan.contains("Seq Scan") && !plan.contains("TEMP B-TREE"), "{which:?}: {plan}");
        // The few that are found by the path are then put in order.
        assert!(index == "task_below" || !plan.contains("Sort"), "{which:?}: {plan}");
    }
    let page = async |which| Queue.page(db, which, None, 50).await.unwrap();
    assert_eq!(page(Which::Waiting(Role::Leader, agency(1))).await.len(), 50);
    let below = page(Which::Below(path(3))).await;
    assert_eq!(below.len(), usize::try_from(QUIET).unwrap());
    assert!(below.is_sorted_by_key(|(position, _)| position.due_key), "what is due first");
    let (last, _) = below[9];
    let rest = Queue.page(db, Which::Below(path(3)), Some(last), 50).await.unwrap();
    assert_eq!(rest.len(), below.len() - 10, "and the next page goes on behind it");
}

#[tokio::test]
async fn sqlite() {
    on_each_database(Database::Sqlite, a_page_is_read_from_an_index).await;
}

#[tokio::test]
async fn postgres() {
    on_each_database(Database::Postgres, a_page_is_read_from_an_index).await;
}
