use std::time::Duration;

use chrono::TimeDelta;
use motcua_ids::EventId;
use motcua_store::{Envelope, InboxCounts};
use motcua_testkit::Database;

use crate::{
    on_both,
    support::{env, now, uuid},
};

on_both!(
    of_each_key_the_oldest_is_ready,
    an_event_told_twice_lies_there_once,
    a_postponed_letter_holds_its_key_up_and_no_other,
    a_parked_letter_waits_for_a_person,
    a_thousand_letters_are_received_at_once,
);

fn letter(n: u128, key: u128) -> Envelope {
    Envelope {
        id: EventId::new(uuid(n)),
        event_type: "motcua.probe.v1.Said".to_owned(),
        source: "probe".to_owned(),
        key: uuid(key),
        payload: vec![1, 2, 3],
        traceparent: None,
        occurred_at: now(),
    }
}

async fn of_each_key_the_oldest_is_ready(database: Database) {
    let env = env(database).await;
    let inbox = env.store.inbox();
    let told = [letter(1, 7), letter(2, 7), letter(3, 8)];
    inbox.receive(&told, now()).await.unwrap();
    let ready = inbox.ready(now(), 10).await.unwrap();
    assert_eq!(
        ready.iter().map(|l| l.envelope.clone()).collect::<Vec<_>>(),
        [told[0].clone(), told[2].clone()]
    );
    inbox.done(&[ready[0].position]).await.unwrap();
    let next = inbox.ready(now(), 10).await.unwrap();
    assert_eq!(next[0].envelope, told[1]);
}

async fn an_event_told_twice_lies_there_once(database: Database) {
    let env = env(database).await;
    let inbox = env.store.inbox();
    inbox.receive(&[letter(1, 7)], now()).await.unwrap();
    inbox.receive(&[letter(1, 7), letter(2, 7)], now()).await.unwrap();
    assert_eq!(inbox.counts().await.unwrap(), InboxCounts { waiting: 2, parked: 0 });
}

async fn a_postponed_letter_holds_its_key_up_and_no_other(database: Database) {
    let env = env(database).await;
    let inbox = env.store.inbox();
    inbox.receive(&[letter(1, 7), letter(2, 7), letter(3, 8)], now()).await.unwrap();
    let first = inbox.ready(now(), 1).await.unwrap().remove(0);
    inbox.postpone(&first, "AWAY", now(), Duration::from_secs(1)).await.unwrap();
    let ready = inbox.ready(now(), 10).await.unwrap();
    assert_eq!(ready.iter().map(|l| l.envelope.key).collect::<Vec<_>>(), [uuid(8)]);
    let later = inbox.ready(now() + TimeDelta::seconds(1), 10).await.unwrap();
    assert_eq!((later[0].envelope.id, later[0].attempts), (EventId::new(uuid(1)), 1));
}

async fn a_parked_letter_waits_for_a_person(database: Database) {
    let env = env(database).await;
    let inbox = env.store.inbox();
    inbox.receive(&[letter(1, 7), letter(2, 7)], now()).await.unwrap();
    let first = inbox.ready(now(), 1).await.unwrap().remove(0);
    inbox.park(&first, "NOT_NOW").await.unwrap();
    assert!(inbox.ready(now() + TimeDelta::days(1), 10).await.unwrap().is_empty());
    assert_eq!(inbox.parked(10).await.unwrap()[0].reason, "NOT_NOW");
    assert!(inbox.redrive(EventId::new(uuid(1)), now()).await.unwrap());
    assert_eq!(inbox.ready(now(), 10).await.unwrap()[0].envelope.id, EventId::new(uuid(1)));
}

async fn a_thousand_letters_are_received_at_once(database: Database) {
    let env = env(database).await;
    let told: Vec<_> = (0..1000).map(|n| letter(n, n)).collect();
    env.store.inbox().receive(&told, now()).await.unwrap();
    assert_eq!(env.store.inbox().counts().await.unwrap().waiting, 1000);
}
