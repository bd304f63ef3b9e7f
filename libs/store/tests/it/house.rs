use chrono::TimeDelta;
use motcua_context::{Cause, Ctx};
use motcua_ids::EventId;
use motcua_post::LogPlace;
use motcua_store::{Cleared, Once};
use motcua_testkit::Database;

use crate::{
    on_both,
    support::{Env, env, event, now, relay_lease, request, uuid},
};

on_both!(
    a_request_is_remembered_for_a_week_and_an_event_for_ninety_days,
    what_was_published_is_kept_until_the_log_begins_later,
);

async fn a_request_is_remembered_for_a_week_and_an_event_for_ninety_days(database: Database) {
    let env = env(database).await;
    let asked = request(1, 1, 0);
    let told =
        asked.clone().with_cause(Cause::Event { consumer: "probe", event: EventId::new(uuid(2)) });
    // A second step of an event is remembered as long as the event.
    let step = told.step("second");
    for ctx in [&asked, &told, &step] {
        assert_eq!(write(&env, ctx).await, Once::Done(()));
    }
    assert_eq!(claims_cleared(&env, TimeDelta::days(7)).await, 0);
    assert_eq!(claims_cleared(&env, TimeDelta::days(8)).await, 1);
    assert_eq!(write(&env, &asked).await, Once::Done(()));
    for ctx in [&told, &step] {
        assert_eq!(write(&env, ctx).await, Once::Already(uuid(9)));
    }
    assert_eq!(claims_cleared(&env, TimeDelta::days(91)).await, 3);
}

async fn what_was_published_is_kept_until_the_log_begins_later(database: Database) {
    let env = env(database).await;
    let outbox = env.store.outbox();
    env.store
        .write(&request(1, 1, 0), uuid(9), async |tx| {
            (0..1_201).for_each(|n| tx.publish(uuid(9), &event(&n.to_string())));
            Ok(())
        })
        .await
        .unwrap();
    let said = outbox.unpublished("probe", 2_000).await.unwrap();
    let held = relay_lease(&env.store, "a").acquire().await.unwrap().unwrap();
    let seqs: Vec<_> = said[..1_200].iter().map(|(seq, _)| *seq).collect();
    outbox.mark_published(&seqs, now(), &held).await.unwrap();

    let nothing = Cleared::default();
    assert_eq!(env.store.clear(now(), now()).await.unwrap(), nothing);
    let later = now() + TimeDelta::seconds(1);
    let all = Cleared { events: 1_200, ..nothing };
    assert_eq!(env.store.clear(now(), later).await.unwrap(), all);
    let left = outbox.log("probe", LogPlace::default()).next(10, now()).await.unwrap();
    assert_eq!(left, [said[1_200].1.clone()], "what was not published stays");
}

async fn write(env: &Env, ctx: &Ctx) -> Once<()> {
    env.store.write(ctx, uuid(9), async |_| Ok(())).await.unwrap()
}

async fn claims_cleared(env: &Env, after: TimeDelta) -> u64 {
    env.store.clear(now() + after, now()).await.unwrap().claims
}
