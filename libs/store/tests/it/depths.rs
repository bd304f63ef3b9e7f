use chrono::TimeDelta;
use motcua_ids::EventId;
use motcua_post::Envelope;
use motcua_store::Depths;
use motcua_testkit::Database;

use crate::{
    on_both,
    support::{env, event, now, request, uuid},
};

on_both!(nothing_waits_in_a_new_service, what_waits_is_counted_with_the_oldest_of_it);

async fn nothing_waits_in_a_new_service(database: Database) {
    let env = env(database).await;
    assert_eq!(env.store.depths(now()).await.unwrap(), Depths::default());
}

async fn what_waits_is_counted_with_the_oldest_of_it(database: Database) {
    let env = env(database).await;
    let letter = |n| Envelope {
        id: EventId::new(uuid(n)),
        event_type: "motcua.probe.v1.Said".to_owned(),
        source: "probe".to_owned(),
        key: uuid(n),
        payload: Vec::new(),
        traceparent: None,
        occurred_at: now() - TimeDelta::minutes(5),
    };
    let inbox = env.store.inbox();
    inbox.receive(&[letter(1), letter(2), letter(3)]).await.unwrap();
    let parked = inbox.ready(now(), 1).await.unwrap().remove(0);
    inbox.park(&parked, "NOT_NOW").await.unwrap();
    env.store
        .write(&request(1, 1, 0), uuid(9), async |tx| {
            tx.publish(uuid(9), &event("said"));
            tx.schedule("t", uuid(5), now()).await?;
            tx.schedule("t", uuid(7), now() + TimeDelta::hours(1)).await
        })
        .await
        .unwrap();
    let later = now() + TimeDelta::minutes(2);
    let counted = env.store.depths(later).await.unwrap();
    let expected = Depths {
        unsent: 1,
        unsent_since: Some(now()),
        waiting: 2,
        waiting_since: Some(now() - TimeDelta::minutes(5)),
        parked: 1,
        late: 1,
        late_since: Some(now()),
    };
    assert_eq!(counted, expected);
}
