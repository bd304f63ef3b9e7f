use chrono::TimeDelta;
use motcua_context::Timestamp;
use motcua_post::{Log, LogPlace};
use motcua_testkit::Database;
use sea_orm::{ConnectionTrait, sea_query::Query};

use crate::{
    on_both,
    support::{Env, env, now, uuid},
};

on_both!(
    everything_said_is_read_once_from_a_number_on,
    a_row_that_is_committed_late_is_not_passed_over,
    a_place_can_be_kept_and_gone_on_from,
    what_can_no_longer_appear_is_forgotten_and_too_many_gaps_are_waited_for,
);

async fn everything_said_is_read_once_from_a_number_on(database: Database) {
    let env = env(database).await;
    for seq in 1..=5 {
        commit(&env, seq).await;
    }
    let mut log = env.store.outbox().log("probe", LogPlace::before(2));
    assert_eq!(next(&mut log, 3).await, [2, 3, 4]);
    assert_eq!(next(&mut log, 3).await, [5]);
    assert!(next(&mut log, 3).await.is_empty());
    commit(&env, 6).await;
    assert_eq!(next(&mut log, 3).await, [6]);
}

async fn a_row_that_is_committed_late_is_not_passed_over(database: Database) {
    let env = env(database).await;
    let mut log = env.store.outbox().log("probe", LogPlace::default());
    commit(&env, 10).await;
    assert_eq!(next(&mut log, 1).await, [10]);
    commit(&env, 5).await;
    commit(&env, 20_000).await;
    assert_eq!(next(&mut log, 1).await, [5]);
    commit(&env, 7).await;
    assert_eq!(next(&mut log, 9).await, [7, 20_000]);
    commit(&env, 1_500).await;
    commit(&env, 30_000).await;
    assert_eq!(next(&mut log, 9).await, [1_500, 30_000]);
    assert!(next(&mut log, 9).await.is_empty());
}

async fn a_place_can_be_kept_and_gone_on_from(database: Database) {
    let env = env(database).await;
    for seq in [1, 4, 6] {
        commit(&env, seq).await;
    }
    let mut log = env.store.outbox().log("probe", LogPlace::default());
    assert_eq!(next(&mut log, 9).await, [1, 4, 6]);
    let kept = log.place().clone();
    for seq in [2, 5, 7] {
        commit(&env, seq).await;
    }
    for _ in 0..2 {
        let mut again = env.store.outbox().log("probe", kept.clone());
        assert_eq!(next(&mut again, 9).await, [2, 5, 7]);
    }
}

async fn what_can_no_longer_appear_is_forgotten_and_too_many_gaps_are_waited_for(
    database: Database,
) {
    let env = env(database).await;
    for n in 1..=102 {
        commit(&env, 2 * n).await;
    }
    let mut log = env.store.outbox().log("probe", LogPlace::before(2));
    // 100 gaps are remembered: behind 2, 4, … 202 there is one more.
    let read = next(&mut log, 500).await;
    assert_eq!(read.last(), Some(&202));
    assert!(next(&mut log, 500).await.is_empty());
    let later = now() + TimeDelta::minutes(11);
    assert_eq!(next_at(&mut log, 500, later).await, [204]);
    commit(&env, 3).await;
    assert!(next_at(&mut log, 500, later).await.is_empty());
}

async fn next(log: &mut Log, limit: u64) -> Vec<u128> {
    next_at(log, limit, now()).await
}

/// The numbers are the ids here.
async fn next_at(log: &mut Log, limit: u64, at: Timestamp) -> Vec<u128> {
    let read = log.next(limit, at).await.unwrap();
    read.into_iter().map(|event| event.id.uuid().as_u128()).collect()
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
