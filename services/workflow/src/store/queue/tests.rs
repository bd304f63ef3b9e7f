//! The database's own plan for a page of a queue.

use motcua_testkit::{Database, TestEnv, on_each_database};
use sea_orm::{DbBackend, FromQueryResult, JsonValue, QueryTrait, Statement};

use super::*;
use crate::Workflow;

const TASKS: u32 = 20_000;

/// One process with many waiting tasks of one queue, and as many of another.
async fn fill(db: &impl ConnectionTrait) {
    let run = async |sql: String| {
        db.execute_unprepared(&sql).await.unwrap();
    };
    let (series, id, agency) = match db.get_database_backend() {
        DbBackend::Postgres => (
            format!("generate_series(1, {TASKS}) AS n"),
            "gen_random_uuid()",
            [
                "'00000000-0000-0000-0000-000000000001'::uuid",
                "'00000000-0000-0000-0000-000000000002'::uuid",
            ],
        ),
        _ => (
            format!(
                "(WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {TASKS}) \
                 SELECT n FROM s)"
            ),
            "randomblob(16)",
            ["x'00000000000000000000000000000001'", "x'00000000000000000000000000000002'"],
        ),
    };
    let now = "'2026-03-02T02:00:00Z'";
    run(format!(
        "INSERT INTO process (id, code, procedure, procedure_version, case_code, online, \
         receiving, competent, accepted_at, state, definition, clock_rules, clock_acts, progress, \
         version) VALUES ({0}, 'x', {0}, {0}, 'x', true, 'x', 'x', {now}, 'x', 'x', 'x', 'x', 'x', 1)",
        agency[0]
    ))
    .await;
    for place in agency {
        run(format!(
            "INSERT INTO task (id, process, position, step, name, role, agency, post, opened_at, \
             state, is_open, rank, due_key) \
             SELECT {id}, {0}, 1, 'x', 'x', 'leader', {place}, 'x', {now}, 'waiting', true, \
             n % 2, n * 1000 FROM {series}",
            agency[0]
        ))
        .await;
    }
    run("ANALYZE".to_owned()).await;
}

async fn plan(db: &impl ConnectionTrait, which: Which) -> String {
    let backend = db.get_database_backend();
    let after = Position { rank: 0, due_key: 10_000_000, id: Uuid::nil() };
    let page = query(which, Some(after), 50).unwrap().build(backend);
    let explain = match backend {
        DbBackend::Postgres => "EXPLAIN",
        _ => "EXPLAIN QUERY PLAN",
    };
    let asked = Statement { sql: format!("{explain} {}", page.sql), ..page };
    let rows = JsonValue::find_by_statement(asked).all(db).await.unwrap();
    rows.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

async fn a_page_is_read_from_the_index_in_its_order(database: Database) {
    let env = TestEnv::<Workflow>::builder().on(database).start().await;
    let db = env.store.reader();
    fill(db).await;
    let agency = AgencyId::new(Uuid::from_u128(1));
    for (which, index) in [
        (Which::Waiting(Role::Leader, agency), "task_queue"),
        (Which::Open(Role::Leader, agency), "task_open"),
        (Which::HeldBy(AccountId::new(Uuid::from_u128(9))), "task_held"),
    ] {
        let plan = plan(db, which).await;
        assert!(plan.contains(index), "{which:?}: {plan}");
        for slow in ["Seq Scan", "Sort", "SCAN task", "TEMP B-TREE"] {
            assert!(!plan.contains(slow), "{which:?}: {plan}");
        }
    }
    let page =
        Queue.page(db, Which::Waiting(Role::Leader, agency), None, 50).await.map(|page| page.len());
    assert!(page.is_err(), "rows that cannot be are refused, not shown");
}

#[tokio::test]
async fn sqlite() {
    on_each_database(Database::Sqlite, a_page_is_read_from_the_index_in_its_order).await;
}

#[tokio::test]
async fn postgres() {
    on_each_database(Database::Postgres, a_page_is_read_from_the_index_in_its_order).await;
}
