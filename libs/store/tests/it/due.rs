use std::time::{Duration, Instant};

use chrono::TimeDelta;
use motcua_store::DueQueue;
use motcua_testkit::{Database, on_each_database, plan};
use sea_orm::{ConnectionTrait, Statement};

use crate::{
    on_both,
    support::{env, now, request, uuid},
};

on_both!(
    a_timer_is_ready_when_it_is_due_and_gone_when_done,
    a_rearmed_timer_is_a_new_cause_and_survives_the_old_ones_end,
    a_postponed_timer_comes_back,
    an_unscheduled_timer_is_gone,
    who_minds_a_timer_is_woken_for_it_alone,
);

async fn a_timer_is_ready_when_it_is_due_and_gone_when_done(database: Database) {
    let env = env(database).await;
    let at = now() + TimeDelta::hours(1);
    set(&env, 1, at).await;
    let due = env.store.due(["t"]);
    assert!(due.ready(now(), 10).await.unwrap().is_empty());
    assert!(env.store.due(["other"]).ready(at, 10).await.unwrap().is_empty());
    let alarm = due.ready(at, 10).await.unwrap().remove(0);
    assert_eq!((alarm.subject, alarm.at, alarm.generation), (uuid(5), at, 1));
    due.done([&alarm, &alarm, &alarm]).await.unwrap();
    assert!(due.ready(at, 10).await.unwrap().is_empty());
}

async fn a_rearmed_timer_is_a_new_cause_and_survives_the_old_ones_end(database: Database) {
    let env = env(database).await;
    set(&env, 1, now()).await;
    let due = env.store.due(["t"]);
    let first = due.ready(now(), 10).await.unwrap().remove(0);
    set(&env, 2, now()).await;
    due.done([&first]).await.unwrap();
    let second = due.ready(now(), 10).await.unwrap().remove(0);
    assert_eq!((second.id, second.generation), (first.id, 2));
    assert_ne!(first.cause("t"), second.cause("t"));
}

async fn a_postponed_timer_comes_back(database: Database) {
    let env = env(database).await;
    set(&env, 1, now()).await;
    let due = env.store.due(["t"]);
    let alarm = due.ready(now(), 10).await.unwrap().remove(0);
    due.postpone(&alarm, "AWAY", now(), Duration::from_mins(1)).await.unwrap();
    assert!(due.ready(now(), 10).await.unwrap().is_empty());
    let again = due.ready(now() + TimeDelta::minutes(1), 10).await.unwrap().remove(0);
    assert_eq!((again.attempts, again.generation), (1, 1));
}

async fn an_unscheduled_timer_is_gone(database: Database) {
    let env = env(database).await;
    set(&env, 1, now()).await;
    env.store
        .write(&request(1, 2, 0), uuid(5), async |tx| tx.unschedule("t", uuid(5)).await)
        .await
        .unwrap();
    assert!(env.store.due(["t"]).ready(now(), 10).await.unwrap().is_empty());
}

async fn set(env: &crate::support::Env, request_id: u128, at: motcua_context::Timestamp) {
    env.store
        .write(&request(1, request_id, 0), uuid(5), async |tx| tx.schedule("t", uuid(5), at).await)
        .await
        .unwrap();
}

/// A minder sleeps through what is none of his: each look costs the database as much as a write.
async fn who_minds_a_timer_is_woken_for_it_alone(database: Database) {
    let env = env(database).await;
    let (mine, others) = (env.store.due(["t", "u"]), env.store.due(["other"]));
    let wakes = async |queue: &DueQueue, within| {
        let begun = Instant::now();
        queue.wait(within).await;
        begun.elapsed() < within
    };
    let (soon, long) = (Duration::from_millis(200), Duration::from_secs(20));
    set(&env, 1, now() + TimeDelta::hours(1)).await;
    assert!(!wakes(&mine, soon).await, "nothing is due");
    set(&env, 2, now()).await;
    assert!(wakes(&mine, long).await);
    assert!(!wakes(&others, soon).await, "it is another's");
    env.store.write(&request(1, 3, 0), uuid(5), async |_| Ok(())).await.unwrap();
    assert!(!wakes(&mine, soon).await, "nothing was armed");
}

/// Of many that are late of one name nobody reads through for those of another.
#[tokio::test]
async fn postgres_finds_the_late_by_their_name() {
    on_each_database(Database::Postgres, found_by_their_name).await;
}

async fn found_by_their_name(database: Database) {
    let env = env(database).await;
    let db = env.raw().await;
    for step in [
        "INSERT INTO due (id, name, subject, at, generation, attempts) SELECT gen_random_uuid(), \
         'sent-to-one-who-is-away', gen_random_uuid(), '2026-03-02', 1, 0 FROM generate_series(1, 20000)",
        "ANALYZE due",
    ] {
        db.execute_unprepared(step).await.unwrap();
    }
    let look = "SELECT id FROM due WHERE at <= '2026-03-03' AND name IN ('t', 'u') \
                ORDER BY at LIMIT 64";
    let plan = plan(&db, Statement::from_string(db.get_database_backend(), look)).await;
    assert!(plan.contains("due_name_at"), "{plan}");
}
