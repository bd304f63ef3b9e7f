//! CloudEvents 1.0 in AMQP 0-9-1, binary mode: attributes as `ce-` headers, the
//! encoded message as the body.

use lapin::{
    BasicProperties,
    message::Delivery,
    types::{AMQPValue, FieldTable},
};
use motcua_context::Timestamp;
use motcua_ids::{EventId, Uuid};
use motcua_post::Envelope;

const CONTENT_TYPE: &str = "application/protobuf";
const PERSISTENT: u8 = 2;
/// Octets of an attribute.
const LONGEST: usize = 255;
/// Nothing of ours was said before.
const EARLIEST: Timestamp = Timestamp::UNIX_EPOCH;
pub(super) const SOURCE: &str = "/motcua/";

pub(super) fn properties(envelope: &Envelope) -> BasicProperties {
    let mut headers = FieldTable::default();
    let mut set = |name: &str, value: String| {
        headers.insert(name.into(), AMQPValue::LongString(value.into()));
    };
    set("ce-specversion", "1.0".to_owned());
    set("ce-id", envelope.id.uuid().to_string());
    set("ce-type", envelope.event_type.clone());
    set("ce-source", format!("{SOURCE}{}", envelope.source));
    set("ce-subject", envelope.key.to_string());
    set("ce-time", envelope.occurred_at.to_rfc3339());
    if let Some(traceparent) = &envelope.traceparent {
        set("ce-traceparent", traceparent.clone());
        // By this name a listener's own tracing finds it.
        set("traceparent", traceparent.clone());
    }
    BasicProperties::default()
        .with_content_type(CONTENT_TYPE.into())
        .with_delivery_mode(PERSISTENT)
        .with_message_id(envelope.id.uuid().to_string().into())
        .with_headers(headers)
}

/// The event in a delivery; `None` if it is none of ours. What passes can be stored:
/// one message that no inbox takes would hold up all behind it.
pub(super) fn envelope(delivery: &Delivery) -> Option<Envelope> {
    let text = |name: &str| text(&delivery.properties, name).filter(|text| is_word(text));
    Some(Envelope {
        id: EventId::new(Uuid::try_parse(&text("id")?).ok()?),
        event_type: text("type")?,
        source: text("source")?.trim_start_matches(SOURCE).to_owned(),
        key: Uuid::try_parse(&text("subject")?).ok()?,
        payload: delivery.data.clone(),
        traceparent: text("traceparent"),
        occurred_at: text("time")?.parse::<Timestamp>().ok().filter(|at| *at >= EARLIEST)?,
    })
}

/// Names, numbers and times: what our own attributes consist of.
fn is_word(text: &str) -> bool {
    (1..=LONGEST).contains(&text.len()) && text.bytes().all(|octet| octet.is_ascii_graphic())
}

/// An attribute of CloudEvents.
pub(super) fn text(properties: &BasicProperties, attribute: &str) -> Option<String> {
    match properties.headers().as_ref()?.inner().get(format!("ce-{attribute}").as_str())? {
        AMQPValue::LongString(text) => Some(text.to_string()),
        AMQPValue::ShortString(text) => Some(text.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use lapin::types::ShortString;
    use proptest::prelude::*;

    use super::*;

    fn delivery(properties: BasicProperties, data: Vec<u8>) -> Delivery {
        let (exchange, key) = (ShortString::from("motcua"), ShortString::from("key"));
        Delivery { properties, ..Delivery::mock(1, exchange, key, false, data) }
    }

    fn values() -> impl Strategy<Value = AMQPValue> {
        let text = prop_oneof![
            any::<String>(),
            Just("019a0b5c-0000-7000-8000-000000000001".to_owned()),
            "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{8,20}(Z|\\+07:00)",
            Just("1.0".to_owned()),
        ];
        prop_oneof![
            4 => text.prop_map(|text| AMQPValue::LongString(text.into())),
            1 => any::<Vec<u8>>().prop_map(|octets| AMQPValue::LongString(octets.into())),
            1 => any::<i64>().prop_map(AMQPValue::LongLongInt),
            1 => Just(AMQPValue::Void),
        ]
    }

    proptest! {
        #[test]
        fn what_stands_on_a_queue_is_an_event_or_none(
            headers in prop::collection::vec((0..7_usize, values()), 0..10),
            data: Vec<u8>,
        ) {
            let names = ["id", "type", "source", "subject", "time", "traceparent", "specversion"];
            let mut table = FieldTable::default();
            for (name, value) in headers {
                table.insert(format!("ce-{}", names[name]).into(), value);
            }
            let properties = BasicProperties::default().with_headers(table);
            if let Some(envelope) = envelope(&delivery(properties, data)) {
                let again = delivery(super::properties(&envelope), envelope.payload.clone());
                let again = super::envelope(&again).unwrap();
                prop_assert_eq!(again.id, envelope.id);
                prop_assert_eq!(again.key, envelope.key);
                prop_assert_eq!(again.occurred_at, envelope.occurred_at);
            }
        }
    }
}
