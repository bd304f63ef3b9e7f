//! The database's own plan for who sent a picture.

use motcua_testkit::{Database, TestEnv, on_each_database, plan};
use sea_orm::{DbBackend, QueryTrait};

use super::*;
use crate::Notification;

/// Messages that came to others.
const MANY: u32 = 20_000;

/// Many messages, each to somebody else.
async fn fill(db: &impl ConnectionTrait) {
    let (id, blob, at, series) = match db.get_database_backend() {
        DbBackend::Postgres => (
            "gen_random_uuid()",
            "decode(lpad(to_hex(n), 64, '0'), 'hex')",
            "TIMESTAMPTZ '2026-03-01T00:00:00Z' + n * INTERVAL '1 second'",
            format!("generate_series(1, {MANY}) AS n"),
        ),
        _ => (
            "randomblob(16)",
            "randomblob(32)",
            "strftime('%Y-%m-%dT%H:%M:%S+00:00', '2026-03-01 00:00:00', n || ' seconds')",
            format!(
                "(WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {MANY}) \
                 SELECT n FROM s)"
            ),
        ),
    };
    let senders = format!(
        "INSERT INTO zalo_sender (id, person, known, provider_id, told_at) \
         SELECT {id}, {blob}, {blob}, 'z' || n, {at} FROM {series}"
    );
    let messages = format!(
        "INSERT INTO message (id, event, family, fact_version, dossier, code, agency_path, topic, \
         template, channel, recipient, written, state, attempts, created_at, version, provider, \
         provider_id) \
         SELECT {id}, {id}, 'intake', 1, {id}, '', '', 'supplement_requested', 'x', 'zalo', {blob}, \
         {blob}, 'delivered', 1, {at}, 1, 'zalo', 'z' || n FROM {series}"
    );
    for sql in [&*senders, &*messages, "ANALYZE"] {
        db.execute_unprepared(sql).await.unwrap();
    }
}

async fn who_was_told_of_what_is_found_by_indexes(database: Database) {
    let env = TestEnv::<Notification>::builder().on(database).start().await;
    let db = env.store.reader();
    fill(db).await;
    let senders = Senders::new(Arc::new(Keyring::generate()));
    let backend = db.get_database_backend();
    let told = plan(db, senders.told("somebody", 50).build(backend)).await;
    assert!(told.contains("zalo_sender_person"), "{told}");
    let ids = ["z7", "z19000"].map(ToOwned::to_owned);
    let of = plan(db, asking_among(ids.to_vec()).build(backend)).await;
    assert!(of.contains("message_provider"), "{of}");
    for plan in [told, of] {
        assert!(!plan.contains("Seq Scan") && !plan.contains("SCAN "), "{plan}");
    }
    env.stop().await;
}

#[tokio::test]
async fn sqlite() {
    on_each_database(Database::Sqlite, who_was_told_of_what_is_found_by_indexes).await;
}

#[tokio::test]
async fn postgres() {
    on_each_database(Database::Postgres, who_was_told_of_what_is_found_by_indexes).await;
}
