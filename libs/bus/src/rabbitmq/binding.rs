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
