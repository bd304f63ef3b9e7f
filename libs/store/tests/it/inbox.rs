use std::time::Duration;

use chrono::TimeDelta;
use motcua_ids::EventId;
use motcua_post::{Envelope, InboxCounts, Mended, Mending, Sought};
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
    the_parked_are_sought_by_what_is_known_of_them,
    who_put_a_letter_back_is_kept,
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
    inbox.receive(&told).await.unwrap();
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
    inbox.receive(&[letter(1, 7)]).await.unwrap();
    inbox.receive(&[letter(1, 7), letter(2, 7)]).await.unwrap();
    assert_eq!(inbox.counts().await.unwrap(), InboxCounts { waiting: 2, parked: 0 });
}

async fn a_postponed_letter_holds_its_key_up_and_no_other(database: Database) {
    let env = env(database).await;
    let inbox = env.store.inbox();
    inbox.receive(&[letter(1, 7), letter(2, 7), letter(3, 8)]).await.unwrap();
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
    inbox.receive(&[letter(1, 7), letter(2, 7)]).await.unwrap();
    let first = inbox.ready(now(), 1).await.unwrap().remove(0);
    inbox.park(&first, "NOT_NOW").await.unwrap();
    assert!(inbox.ready(now() + TimeDelta::days(1), 10).await.unwrap().is_empty());
    let parked = inbox.parked(&Sought::default(), 10).await.unwrap().remove(0);
    assert_eq!((parked.reason.as_str(), parked.attempts, parked.behind), ("NOT_NOW", 1, 1));
    let one = Sought { id: Some(EventId::new(uuid(1))), ..Sought::default() };
    assert_eq!(inbox.redrive(&one, &by("an")).await.unwrap(), [EventId::new(uuid(1))]);
    assert!(inbox.redrive(&one, &by("an")).await.unwrap().is_empty(), "it is parked no more");
    let ready = inbox.ready(now(), 10).await.unwrap().remove(0);
    assert_eq!((ready.envelope.id, ready.attempts), (EventId::new(uuid(1)), 0));
}

fn by(name: &str) -> Mending {
    Mending { by: name.to_owned(), at: now() }
}

async fn the_parked_are_sought_by_what_is_known_of_them(database: Database) {
    let env = env(database).await;
    let inbox = env.store.inbox();
    let told: Vec<_> = (1..=5).map(|n| letter(n, n)).collect();
    inbox.receive(&told).await.unwrap();
    for letter in inbox.ready(now(), 4).await.unwrap() {
        let reason = if letter.envelope.key == uuid(3) { "OTHER" } else { "NOT_NOW" };
        inbox.park(&letter, reason).await.unwrap();
    }
    let found = async |sought: Sought, limit| {
        let parked = inbox.parked(&sought, limit).await.unwrap();
        parked.into_iter().map(|p| p.envelope.key.as_u128()).collect::<Vec<_>>()
    };
    let any = Sought::default();
    assert_eq!(found(any.clone(), 9).await, [1, 2, 3, 4]);
    assert_eq!(found(any.clone(), 2).await, [1, 2]);
    let second = inbox.parked(&any, 2).await.unwrap()[1].position;
    assert_eq!(found(Sought { after: Some(second), ..any.clone() }, 9).await, [3, 4]);
    assert_eq!(found(Sought { key: Some(uuid(2)), ..any.clone() }, 9).await, [2]);
    assert_eq!(found(Sought { reason: Some("OTHER".into()), ..any.clone() }, 9).await, [3]);
    assert_eq!(found(Sought { source: Some("other".into()), ..any.clone() }, 9).await, [0; 0]);
    let said = Sought { event_type: Some("motcua.probe.v1.Said".into()), ..any.clone() };
    assert_eq!(found(said, 9).await, [1, 2, 3, 4]);

    let refused = Sought { reason: Some("NOT_NOW".into()), ..any.clone() };
    assert_eq!(inbox.redrive(&refused, &by("an")).await.unwrap().len(), 3);
    assert_eq!(found(any, 9).await, [3]);
}

async fn who_put_a_letter_back_is_kept(database: Database) {
    let env = env(database).await;
    let inbox = env.store.inbox();
    inbox.receive(&[letter(1, 7), letter(2, 8)]).await.unwrap();
    for letter in inbox.ready(now(), 2).await.unwrap() {
        inbox.park(&letter, "NOT_NOW").await.unwrap();
    }
    inbox.redrive(&Sought::default(), &by("nguyen.van.an")).await.unwrap();
    let id = uuid(1).to_string();
    let act = Mended {
        by: "nguyen.van.an".to_owned(),
        at: now(),
        event: id.clone(),
        event_type: "motcua.probe.v1.Said".to_owned(),
        key: Some(uuid(7)),
        reason: "NOT_NOW".to_owned(),
        attempts: 1,
    };
    assert_eq!(inbox.mended(Some(&id), 9).await.unwrap(), std::slice::from_ref(&act));
    inbox.record_mended(&[Mended { event: "x1".to_owned(), key: None, ..act }]).await.unwrap();
    let events: Vec<_> =
        inbox.mended(None, 9).await.unwrap().into_iter().map(|act| act.event).collect();
    assert_eq!(events, ["x1".to_owned(), uuid(2).to_string(), id]);
}

async fn a_thousand_letters_are_received_at_once(database: Database) {
    let env = env(database).await;
    let told: Vec<_> = (0..1000).map(|n| letter(n, n)).collect();
    env.store.inbox().receive(&told).await.unwrap();
    assert_eq!(env.store.inbox().counts().await.unwrap().waiting, 1000);
}
