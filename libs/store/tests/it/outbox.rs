use motcua_testkit::Database;

use crate::{
    on_both,
    support::{env, event, now, relay_lease, request, uuid},
};

on_both!(
    events_are_unpublished_until_marked_and_keep_their_order,
    a_relay_that_lost_its_lease_marks_nothing,
    a_reading_is_recorded_for_others_and_not_for_oneself,
);

async fn events_are_unpublished_until_marked_and_keep_their_order(database: Database) {
    let env = env(database).await;
    for n in 0..3 {
        env.store
            .write(&request(1, n, 0), uuid(9), async |tx| {
                tx.publish(uuid(9), &event(&n.to_string()));
                Ok(())
            })
            .await
            .unwrap();
    }
    let outbox = env.store.outbox();
    let waiting = outbox.unpublished("probe", 10).await.unwrap();
    assert_eq!(waiting.len(), 3);
    assert_eq!(waiting[0].1.event_type, "motcua.access.v1.PersonalDataRead");
    assert_eq!(waiting[0].1.occurred_at, now(), "whole microseconds survive");
    assert!(waiting.windows(2).all(|pair| pair[0].0 < pair[1].0));

    let held = relay_lease(&env.store, "a").acquire().await.unwrap().unwrap();
    outbox.mark_published(&[waiting[0].0, waiting[1].0], now(), &held).await.unwrap();
    let left = outbox.unpublished("probe", 10).await.unwrap();
    assert_eq!(left.iter().map(|(seq, _)| *seq).collect::<Vec<_>>(), [waiting[2].0]);
    assert_eq!(outbox.lag().await.unwrap(), (1, Some(now())));
}

async fn a_relay_that_lost_its_lease_marks_nothing(database: Database) {
    let env = env(database).await;
    env.store
        .write(&request(1, 1, 0), uuid(9), async |tx| {
            tx.publish(uuid(9), &event("said"));
            Ok(())
        })
        .await
        .unwrap();
    let slept = relay_lease(&env.store, "a").acquire().await.unwrap().unwrap();
    relay_lease(&env.store, "a").release().await.unwrap();
    relay_lease(&env.store, "b").acquire().await.unwrap().unwrap();
    let outbox = env.store.outbox();
    let (seq, _) = outbox.unpublished("probe", 1).await.unwrap()[0].clone();
    outbox.mark_published(&[seq], now(), &slept).await.unwrap();
    assert_eq!(outbox.lag().await.unwrap().0, 1);
}

async fn a_reading_is_recorded_for_others_and_not_for_oneself(database: Database) {
    let env = env(database).await;
    let ctx = request(1, 1, 0);
    env.store.record_reading(&ctx, "/a/B", &[uuid(1).into()], &[], "own").await.unwrap();
    assert_eq!(env.store.outbox().lag().await.unwrap().0, 0);
    env.store.record_reading(&ctx, "/a/B", &[uuid(2).into()], &[], "process").await.unwrap();
    assert_eq!(env.store.outbox().lag().await.unwrap().0, 1);
}
