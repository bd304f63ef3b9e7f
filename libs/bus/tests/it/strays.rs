//! What RabbitMQ keeps aside: no event of ours, and events nobody was bound for.

use std::time::Duration;

use lapin::{
    BasicProperties, Connection, ConnectionProperties,
    options::{BasicPublishOptions, ConfirmSelectOptions},
};
use motcua_bus::{Pile, SoughtStray, Stray, Subscriptions};
use motcua_proto::access::v1::PersonalDataRead;
use prost::Name;

use crate::{
    notes,
    support::{BusUnderTest, PATIENCE, Service, envelope, heard, said, uuid},
};

async fn lying(bus: &BusUnderTest, pile: Pile, count: usize) -> Vec<Stray> {
    let look = async {
        loop {
            let strays = bus.bus.strays(pile, &SoughtStray::default(), 99).await.unwrap();
            if strays.len() >= count {
                return strays;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(PATIENCE, look).await.unwrap()
}

/// Says something as no service of ours would.
async fn shout(bus: &BusUnderTest, body: &[u8]) {
    let (url, prefix) = bus.server.clone().unwrap();
    let connection = Connection::connect(&url, ConnectionProperties::default()).await.unwrap();
    let channel = connection.create_channel().await.unwrap();
    channel.confirm_select(ConfirmSelectOptions::default()).await.unwrap();
    let sent = channel.basic_publish(
        format!("{prefix}motcua.events").into(),
        PersonalDataRead::full_name().into(),
        BasicPublishOptions::default(),
        body,
        BasicProperties::default(),
    );
    sent.await.unwrap().await.unwrap();
    connection.close(200, "said".into()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_event_lies_aside_and_holds_nobody_up() {
    let Some(bus) = BusUnderTest::rabbitmq() else { return };
    let log = heard::Log::default();
    let _listener = Service::start(&bus, "a", notes(&log)).await;
    shout(&bus, b"no event").await;
    bus.bus.publish(&[envelope(1, &said("after"))]).await.remove(0).unwrap();
    assert_eq!(log.wait_for(1).await, ["after"]);

    let dead = lying(&bus, Pile::Dead, 1).await.remove(0);
    assert!(dead.id.starts_with('x') && dead.id.len() == 17, "{dead:?}");
    assert!(dead.place.ends_with("motcua.a"), "{dead:?}");
    assert_eq!((dead.size, dead.event_type.as_str(), dead.key), (8, "", None));
    // It was looked at, and lies there still.
    assert_eq!(lying(&bus, Pile::Dead, 1).await, std::slice::from_ref(&dead));

    let other = SoughtStray { id: Some("x0000000000000000".to_owned()), ..SoughtStray::default() };
    assert!(bus.bus.send_again(Pile::Dead, &other).await.unwrap().is_empty());
    let one = SoughtStray { id: Some(dead.id.clone()), ..SoughtStray::default() };
    assert_eq!(bus.bus.send_again(Pile::Dead, &one).await.unwrap(), std::slice::from_ref(&dead));
    // It is no event today either.
    assert_eq!(lying(&bus, Pile::Dead, 1).await, [dead]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_was_bound_for_reaches_a_later_listener() {
    let Some(bus) = BusUnderTest::rabbitmq() else { return };
    bus.bus.declare("speaker", &Subscriptions::default()).await.unwrap();
    let told = [envelope(1, &said("early")), envelope(2, &said("later"))];
    for answer in bus.bus.publish(&told).await {
        answer.unwrap();
    }
    let strays = lying(&bus, Pile::Unrouted, 2).await;
    let ids: Vec<_> = strays.iter().map(|stray| stray.id.clone()).collect();
    assert_eq!(ids, [uuid(1), uuid(2)].map(|id| id.to_string()));
    assert_eq!(strays[0].place, PersonalDataRead::full_name());
    assert_eq!((strays[0].source.as_str(), strays[0].key), ("probe", Some(uuid(1))));

    let all = SoughtStray::default();
    assert_eq!(bus.bus.send_again(Pile::Unrouted, &all).await.unwrap().len(), 2);
    assert_eq!(lying(&bus, Pile::Unrouted, 2).await.len(), 2, "there is still nobody");

    let log = heard::Log::default();
    let _listener = Service::start(&bus, "a", notes(&log)).await;
    assert_eq!(bus.bus.send_again(Pile::Unrouted, &all).await.unwrap().len(), 2);
    assert_eq!(log.wait_for(2).await, ["early", "later"]);
    assert!(bus.bus.strays(Pile::Unrouted, &all, 9).await.unwrap().is_empty());
}
