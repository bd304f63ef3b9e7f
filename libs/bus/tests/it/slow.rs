//! A listener that takes its time.

use std::{sync::Arc, time::Duration};

use motcua_bus::{Subscriptions, on};
use motcua_proto::access::v1::PersonalDataRead;
use tokio::sync::Semaphore;

use crate::support::{BusUnderTest, LEASE, Service, heard, said, uuid};

/// More than are looked up at once.
const MANY: usize = 150;

/// Notes what it hears, and what begins with `slow` only when the gate lets it.
fn through(gate: &Arc<Semaphore>, begun: &heard::Log, log: &heard::Log) -> Subscriptions {
    let (gate, begun, log) = (gate.clone(), begun.clone(), log.clone());
    Subscriptions::new([on(move |_, event: PersonalDataRead| {
        let (gate, begun, log) = (gate.clone(), begun.clone(), log.clone());
        async move {
            begun.note(&event.purpose);
            if event.purpose.starts_with("slow") {
                gate.acquire().await.unwrap().forget();
            }
            log.note(&event.purpose);
            Ok(())
        }
    })])
}

pub(crate) async fn a_slow_listener_holds_up_its_own_key_alone_and_keeps_its_place(
    bus: BusUnderTest,
) {
    let (gate, begun, log) =
        (Arc::new(Semaphore::new(0)), heard::Log::default(), heard::Log::default());
    let speaker = Service::start(&bus, "speaker", Subscriptions::default()).await;
    let listener = Service::start(&bus, "a", through(&gate, &begun, &log)).await;
    speaker.say(uuid(0), &said("slow")).await;
    speaker.say(uuid(0), &said("behind")).await;
    begun.wait_for(1).await;
    for n in 1..=MANY {
        speaker.say(uuid(n as u128), &said("other")).await;
    }
    assert!(log.wait_for(MANY).await.iter().all(|word| word == "other"));
    // Longer than the lease would last by itself.
    let other = listener.store.lease("courier", "another", LEASE);
    for _ in 0..20 {
        assert_eq!(other.acquire().await.unwrap(), None);
        tokio::time::sleep(LEASE / 10).await;
    }
    gate.add_permits(1);
    let words = log.wait_for(MANY + 2).await;
    assert_eq!(words[MANY..], ["slow", "behind"]);
    listener.until_read().await;
}

pub(crate) async fn who_is_stopped_finishes_what_was_begun_and_leaves_the_rest(bus: BusUnderTest) {
    let (gate, begun, log) =
        (Arc::new(Semaphore::new(0)), heard::Log::default(), heard::Log::default());
    let speaker = Service::start(&bus, "speaker", Subscriptions::default()).await;
    let listener = Service::start(&bus, "a", through(&gate, &begun, &log)).await;
    for n in 0..20_u128 {
        speaker.say(uuid(n), &said("slow")).await;
    }
    begun.wait_for(8).await;
    listener.until(async || listener.store.inbox().counts().await.unwrap().waiting == 20).await;
    listener.stop();
    tokio::time::sleep(Duration::from_millis(50)).await;
    gate.add_permits(20);
    listener.stopped().await;
    assert_eq!(log.wait_for(8).await.len(), 8);
    assert_eq!(listener.store.inbox().counts().await.unwrap().waiting, 12);
    // The lease is free at once.
    let next = listener.store.lease("courier", "next", LEASE);
    assert!(next.acquire().await.unwrap().is_some());
}
