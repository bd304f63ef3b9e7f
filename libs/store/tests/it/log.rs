use motcua_store::Log;
use motcua_testkit::Database;
use sea_orm::{ConnectionTrait, sea_query::Query};

use crate::{
    on_both,
    support::{Env, env, now, uuid},
};

on_both!(
    everything_said_is_read_once_from_a_number_on,
    a_row_that_is_committed_late_is_not_passed_over,
);

async fn everything_said_is_read_once_from_a_number_on(database: Database) {
    let env = env(database).await;
    for seq in 1..=5 {
        commit(&env, seq).await;
    }
    let mut log = env.store.outbox().log("probe", 2);
    assert_eq!(next(&mut log, 3).await, [2, 3, 4]);
    assert_eq!(next(&mut log, 3).await, [5]);
    assert!(next(&mut log, 3).await.is_empty());
    commit(&env, 6).await;
    assert_eq!(next(&mut log, 3).await, [6]);
}

async fn a_row_that_is_committed_late_is_not_passed_over(database: Database) {
    let env = env(database).await;
    let mut log = env.store.outbox().log("probe", 1);
    commit(&env, 10).await;
    assert_eq!(next(&mut log, 1).await, [10]);
    commit(&env, 5).await;
    commit(&env, 2_000).await;
    assert_eq!(next(&mut log, 1).await, [5]);
    commit(&env, 7).await;
    assert_eq!(next(&mut log, 9).await, [7, 2_000]);
    commit(&env, 1_500).await;
    commit(&env, 3_000).await;
    assert_eq!(next(&mut log, 9).await, [1_500, 3_000]);
}

async fn next(log: &mut Log, limit: u64) -> Vec<i64> {
    log.next(limit).await.unwrap().into_iter().map(|(seq, _)| seq).collect()
}

/// Makes a row visible under a number that was taken before.
async fn commit(env: &Env, seq: i64) {
    let row = Query::insert()
        .into_table("outbox")
        .columns(["seq", "event_id", "type", "key", "payload", "occurred_at"])
        .values_panic([
            seq.into(),
            uuid(seq.unsigned_abs().into()).into(),
            "motcua.probe.v1.Said".into(),
            uuid(1).into(),
            vec![1_u8].into(),
            now().into(),
        ])
        .to_owned();
    env.store.reader().execute(&row).await.unwrap();
}
