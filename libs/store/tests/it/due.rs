use std::time::Duration;

use chrono::TimeDelta;
use motcua_testkit::Database;

use crate::{
    on_both,
    support::{env, now, request, uuid},
};

on_both!(
    a_timer_is_ready_when_it_is_due_and_gone_when_done,
    a_rearmed_timer_is_a_new_cause_and_survives_the_old_ones_end,
    a_postponed_timer_comes_back,
    an_unscheduled_timer_is_gone,
);

async fn a_timer_is_ready_when_it_is_due_and_gone_when_done(database: Database) {
    let env = env(database).await;
    let at = now() + TimeDelta::hours(1);
    set(&env, 1, at).await;
    let due = env.store.due();
    assert!(due.ready(&["t"], now(), 10).await.unwrap().is_empty());
    assert!(due.ready(&["other"], at, 10).await.unwrap().is_empty());
    let alarm = due.ready(&["t"], at, 10).await.unwrap().remove(0);
    assert_eq!((alarm.subject, alarm.at, alarm.generation), (uuid(5), at, 1));
    due.done(&alarm).await.unwrap();
    assert!(due.ready(&["t"], at, 10).await.unwrap().is_empty());
}

async fn a_rearmed_timer_is_a_new_cause_and_survives_the_old_ones_end(database: Database) {
    let env = env(database).await;
    set(&env, 1, now()).await;
    let due = env.store.due();
    let first = due.ready(&["t"], now(), 10).await.unwrap().remove(0);
    set(&env, 2, now()).await;
    due.done(&first).await.unwrap();
    let second = due.ready(&["t"], now(), 10).await.unwrap().remove(0);
    assert_eq!((second.id, second.generation), (first.id, 2));
    assert_ne!(first.cause("t"), second.cause("t"));
}

async fn a_postponed_timer_comes_back(database: Database) {
    let env = env(database).await;
    set(&env, 1, now()).await;
    let due = env.store.due();
    let alarm = due.ready(&["t"], now(), 10).await.unwrap().remove(0);
    due.postpone(&alarm, "AWAY", now(), Duration::from_mins(1)).await.unwrap();
    assert!(due.ready(&["t"], now(), 10).await.unwrap().is_empty());
    let again = due.ready(&["t"], now() + TimeDelta::minutes(1), 10).await.unwrap().remove(0);
    assert_eq!((again.attempts, again.generation), (1, 1));
}

async fn an_unscheduled_timer_is_gone(database: Database) {
    let env = env(database).await;
    set(&env, 1, now()).await;
    env.store
        .write(&request(1, 2, 0), uuid(5), async |tx| tx.unschedule("t", uuid(5)).await)
        .await
        .unwrap();
    assert!(env.store.due().ready(&["t"], now(), 10).await.unwrap().is_empty());
}

async fn set(env: &crate::support::Env, request_id: u128, at: motcua_context::Timestamp) {
    env.store
        .write(&request(1, request_id, 0), uuid(5), async |tx| tx.schedule("t", uuid(5), at).await)
        .await
        .unwrap();
}
