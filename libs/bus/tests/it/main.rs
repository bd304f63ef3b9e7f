//! One behaviour suite, run on the memory bus and on RabbitMQ.
#![expect(clippy::unwrap_used, reason = "a test that cannot begin must fail")]

mod parked;
mod slow;
mod strays;
mod support;

use std::{sync::Arc, time::Duration};

use motcua_bus::{Subscriptions, on};
use motcua_fault::{Fault, Kind};
use motcua_post::Sought;
use motcua_proto::{access::v1::PersonalDataRead, identity::v1::AccountRegistered};
use motcua_store::Once;
use parked::{a_defect_is_given_up_sooner, who_fails_for_ever_parks_and_is_mended_in_order};
use slow::{
    a_slow_listener_holds_up_its_own_key_alone_and_keeps_its_place,
    who_is_stopped_finishes_what_was_begun_and_leaves_the_rest,
};
use support::{BusUnderTest, Service, heard, said, uuid};

/// Runs each behaviour on both buses, as `memory::…` and `rabbitmq::…`.
macro_rules! on_both {
    ($($behaviour:ident),+ $(,)?) => {
        mod memory {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $behaviour() {
                super::$behaviour(super::BusUnderTest::memory()).await;
            })+
        }
        mod rabbitmq {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $behaviour() {
                if let Some(bus) = super::BusUnderTest::rabbitmq() {
                    super::$behaviour(bus).await;
                }
            })+
        }
    };
}

on_both!(
    what_is_said_is_heard_by_each_listener_once_and_in_order,
    what_nobody_listens_to_harms_nobody,
    a_failing_listener_is_tried_again_in_order_and_holds_no_other_up,
    a_refusing_listener_parks_the_event,
    an_event_published_twice_counts_once,
    a_slow_listener_holds_up_its_own_key_alone_and_keeps_its_place,
    who_is_stopped_finishes_what_was_begun_and_leaves_the_rest,
    who_fails_for_ever_parks_and_is_mended_in_order,
    a_defect_is_given_up_sooner,
);

/// Hears `PersonalDataRead` events and notes them.
fn notes(log: &heard::Log) -> Subscriptions {
    let log = log.clone();
    Subscriptions::new([on(move |_, event: PersonalDataRead| {
        let log = log.clone();
        async move {
            log.note(&event.purpose);
            Ok(())
        }
    })])
}

async fn what_is_said_is_heard_by_each_listener_once_and_in_order(bus: BusUnderTest) {
    let (a, b) = (heard::Log::default(), heard::Log::default());
    let speaker = Service::start(&bus, "speaker", Subscriptions::default()).await;
    let _a = Service::start(&bus, "a", notes(&a)).await;
    let _b = Service::start(&bus, "b", notes(&b)).await;
    let words: Vec<_> = (0..200).map(|n| n.to_string()).collect();
    for word in &words {
        speaker.say(uuid(1), &said(word)).await;
    }
    assert_eq!(a.wait_for(200).await, words);
    assert_eq!(b.wait_for(200).await, words);
    speaker.until_relayed().await;
}

async fn what_nobody_listens_to_harms_nobody(bus: BusUnderTest) {
    let log = heard::Log::default();
    let speaker = Service::start(&bus, "speaker", Subscriptions::default()).await;
    let _listener = Service::start(&bus, "a", notes(&log)).await;
    speaker.say(uuid(1), &AccountRegistered::default()).await;
    speaker.say(uuid(1), &said("after")).await;
    assert_eq!(log.wait_for(1).await, ["after"]);
    speaker.until_relayed().await;
}

async fn a_failing_listener_is_tried_again_in_order_and_holds_no_other_up(bus: BusUnderTest) {
    let log = heard::Log::default();
    let fails = Arc::new(std::sync::atomic::AtomicUsize::new(2));
    let noted = log.clone();
    let subscriptions = Subscriptions::new([on(move |_, event: PersonalDataRead| {
        let (log, fails) = (noted.clone(), fails.clone());
        async move {
            let fail = event.purpose == "first"
                && fails
                    .fetch_update(
                        std::sync::atomic::Ordering::SeqCst,
                        std::sync::atomic::Ordering::SeqCst,
                        |left| left.checked_sub(1),
                    )
                    .is_ok();
            if fail {
                return Err(Fault::unavailable("probe"));
            }
            log.note(&event.purpose);
            Ok(())
        }
    })]);
    let speaker = Service::start(&bus, "speaker", Subscriptions::default()).await;
    let _listener = Service::start(&bus, "a", subscriptions).await;
    speaker.say(uuid(1), &said("first")).await;
    speaker.say(uuid(1), &said("second")).await;
    speaker.say(uuid(2), &said("other")).await;
    let heard = log.wait_for(3).await;
    let place = |word: &str| heard.iter().position(|w| w == word).unwrap();
    assert!(place("first") < place("second"));
    assert!(place("other") < place("first"), "{heard:?}");
}

async fn a_refusing_listener_parks_the_event(bus: BusUnderTest) {
    let subscriptions = Subscriptions::new([on(|_, _: PersonalDataRead| async {
        Err(Fault::new(Kind::FailedPrecondition, "NOT_NOW", "Chưa thực hiện được."))
    })]);
    let speaker = Service::start(&bus, "speaker", Subscriptions::default()).await;
    let listener = Service::start(&bus, "a", subscriptions).await;
    speaker.say(uuid(1), &said("refused")).await;
    let parked = async {
        loop {
            if let Some(parked) =
                listener.store.inbox().parked(&Sought::default(), 1).await.unwrap().pop()
            {
                return parked.reason;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    assert_eq!(tokio::time::timeout(support::PATIENCE, parked).await.unwrap(), "NOT_NOW");
}

async fn an_event_published_twice_counts_once(bus: BusUnderTest) {
    let log = heard::Log::default();
    let store = support::store("a").await;
    let (written, writer) = (log.clone(), store.0.clone());
    let subscriptions =
        Subscriptions::new([on(move |ctx: motcua_context::Ctx, event: PersonalDataRead| {
            let (log, store) = (written.clone(), writer.clone());
            async move {
                // The work of a second time may be begun; it is never committed.
                if let Once::Done(()) = store.write(&ctx, uuid(1), async |_| Ok(())).await? {
                    log.note(&event.purpose);
                }
                Ok(())
            }
        })]);
    let listener = Service::start_on(&bus, store, "a", subscriptions).await;
    let envelope = support::envelope(1, &said("once"));
    let end = support::envelope(2, &said("end"));
    for answer in bus.bus.publish(&[envelope.clone(), envelope, end]).await {
        answer.unwrap();
    }
    assert_eq!(log.wait_for(2).await, ["once", "end"]);
    listener.until_read().await;
}
