//! What cannot be acted upon: it waits for a person, who puts it back in its place.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use motcua_bus::{Retries, Subscriptions, on};
use motcua_context::{Clock, Ctx, SystemClock};
use motcua_fault::Fault;
use motcua_post::{Mending, ParkedLetter, Sought};
use motcua_proto::access::v1::PersonalDataRead;
use motcua_store::{Once, Store};

use crate::support::{BusUnderTest, Service, envelope, heard, said, store, uuid};

const RETRIES: Retries = Retries {
    attempts: 3,
    defects: 1,
    first: Duration::from_millis(5),
    longest: Duration::from_millis(20),
};

/// Writes what it hears, and of `bad` nothing until it is mended.
struct Listener {
    log: heard::Log,
    mended: Arc<AtomicBool>,
    tries: Arc<AtomicUsize>,
}

impl Listener {
    fn new() -> Self {
        Self { log: heard::Log::default(), mended: Arc::default(), tries: Arc::default() }
    }

    fn hears(&self, store: &Store, fault: fn() -> Fault) -> Subscriptions {
        let (log, mended, tries) = (self.log.clone(), self.mended.clone(), self.tries.clone());
        let store = store.clone();
        Subscriptions::new([on(move |ctx: Ctx, event: PersonalDataRead| {
            let (log, mended, tries) = (log.clone(), mended.clone(), tries.clone());
            let store = store.clone();
            async move {
                let write = store.write(&ctx, uuid(1), async |_| {
                    if event.purpose == "bad" && !mended.load(Ordering::SeqCst) {
                        tries.fetch_add(1, Ordering::SeqCst);
                        return Err(fault());
                    }
                    Ok(())
                });
                // What it did a second time is not done.
                if let Once::Done(()) = write.await? {
                    log.note(&event.purpose);
                }
                Ok(())
            }
        })])
        .with_retries(RETRIES)
    }
}

async fn parked(service: &Service) -> ParkedLetter {
    let inbox = service.store.inbox();
    let mut found = None;
    service
        .until(async || {
            found = inbox.parked(&Sought::default(), 1).await.unwrap().pop();
            found.is_some()
        })
        .await;
    found.unwrap()
}

pub(crate) async fn who_fails_for_ever_parks_and_is_mended_in_order(bus: BusUnderTest) {
    let (failing, other) = (Listener::new(), heard::Log::default());
    let place = store("a").await;
    let hears = failing.hears(&place.0, || Fault::unavailable("probe"));
    let speaker = Service::start(&bus, "speaker", Subscriptions::default()).await;
    let a = Service::start_on(&bus, place, "a", hears).await;
    let _b = Service::start(&bus, "b", super::notes(&other)).await;
    for word in ["bad", "second", "third"] {
        speaker.say(uuid(1), &said(word)).await;
    }
    speaker.say(uuid(2), &said("of another key")).await;

    let parked = parked(&a).await;
    // The first time, and as often again as it may.
    assert_eq!(failing.tries.load(Ordering::SeqCst), 4);
    assert_eq!((parked.reason.as_str(), parked.attempts), ("UNAVAILABLE", 4));
    assert_eq!(parked.envelope.key, uuid(1));
    assert_eq!(failing.log.wait_for(1).await, ["of another key"]);
    assert_eq!(other.wait_for(4).await.len(), 4, "another listener is none the worse");
    a.until(async || a.store.inbox().counts().await.unwrap().waiting == 3).await;
    // Nobody tries by himself what waits for a person, nor what waits behind it.
    tokio::time::sleep(RETRIES.longest * 10).await;
    assert_eq!(failing.tries.load(Ordering::SeqCst), 4);
    assert_eq!(failing.log.wait_for(1).await.len(), 1);

    // Put back too early, it has all its attempts again, and comes back.
    redrive(&a).await;
    a.until(async || failing.tries.load(Ordering::SeqCst) == 8).await;
    self::parked(&a).await;
    failing.mended.store(true, Ordering::SeqCst);
    redrive(&a).await;
    a.until_read().await;
    assert_eq!(failing.log.wait_for(4).await, ["of another key", "bad", "second", "third"]);

    // Said once more, it is acted upon no more.
    for answer in bus.bus.publish(&[parked.envelope]).await {
        answer.unwrap();
    }
    let end = envelope(99, &said("end"));
    bus.bus.publish(&[end]).await.remove(0).unwrap();
    assert_eq!(failing.log.wait_for(5).await[4], "end");
    a.until_read().await;
    assert_eq!(a.store.inbox().mended(None, 9).await.unwrap().len(), 2);
}

async fn redrive(service: &Service) {
    let by = Mending { by: "an".to_owned(), at: SystemClock.now() };
    let of = Sought { key: Some(uuid(1)), ..Sought::default() };
    assert_eq!(service.store.inbox().redrive(&of, &by).await.unwrap().len(), 1);
}

pub(crate) async fn a_defect_is_given_up_sooner(bus: BusUnderTest) {
    let failing = Listener::new();
    let place = store("a").await;
    let hears = failing.hears(&place.0, || Fault::internal("defect"));
    let speaker = Service::start(&bus, "speaker", Subscriptions::default()).await;
    let a = Service::start_on(&bus, place, "a", hears).await;
    speaker.say(uuid(1), &said("bad")).await;
    assert_eq!(parked(&a).await.attempts, 2);
}
