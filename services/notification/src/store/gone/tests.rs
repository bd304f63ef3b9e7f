//! The database's own plan for asking what is noted of an address.

use motcua_testkit::{Database, TestEnv, on_each_database, plan};
use sea_orm::DbBackend;

use super::*;
use crate::Notification;

/// Many messages to many people, of which each hundredth came back and was answered.
async fn fill(db: &impl ConnectionTrait) {
    let (id, series, blob) = match db.get_database_backend() {
        DbBackend::Postgres => (
            "gen_random_uuid()",
            "generate_series(0, 19999) AS n",
            "decode(lpad(to_hex(n % 500), 4, '0'), 'hex')",
        ),
        _ => (
            "randomblob(16)",
            "(WITH RECURSIVE s(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM s WHERE n < 19999) \
              SELECT n FROM s)",
            "CAST(n % 500 AS BLOB)",
        ),
    };
    let at = "'2026-03-01T00:00:00+00:00'";
    let sql = format!(
        "INSERT INTO message (id, event, family, fact_version, dossier, code, agency_path, topic, \
         template, channel, recipient, written, state, attempts, created_at, version, gone_at, \
         unsubscribed_at) \
         SELECT {id}, {id}, 'intake', 1, {id}, '', '', 'x', 'x', 'email', {blob}, {blob}, \
         'delivered', 1, {at}, 1, CASE WHEN n % 100 = 0 THEN {at} END, \
         CASE WHEN n % 100 = 0 THEN {at} END FROM {series}"
    );
    let sql = match db.get_database_backend() {
        DbBackend::Postgres => sql.replace(at, &format!("TIMESTAMPTZ {at}")),
        _ => sql,
    };
    for sql in [&sql, "ANALYZE"] {
        db.execute_unprepared(sql).await.unwrap();
    }
}

async fn an_address_is_found_by_an_index(database: Database) {
    let env = TestEnv::<Notification>::builder().on(database).start().await;
    let db = env.store.reader();
    fill(db).await;
    let backend = db.get_database_backend();
    let since = "2026-02-01T00:00:00Z".parse().unwrap();
    for (column, index) in
        [(Column::GoneAt, "message_gone"), (Column::UnsubscribedAt, "message_unsubscribed")]
    {
        let plan = plan(db, backend.build(&noted(column, vec![7], since))).await;
        assert!(plan.contains(index) && !plan.contains("SCAN"), "{plan}");
    }
    env.stop().await;
}

#[tokio::test]
async fn sqlite() {
    on_each_database(Database::Sqlite, an_address_is_found_by_an_index).await;
}

#[tokio::test]
async fn postgres() {
    on_each_database(Database::Postgres, an_address_is_found_by_an_index).await;
}
