//! CloudEvents 1.0 in AMQP 0-9-1, binary mode: attributes as `ce-` headers, the
//! encoded message as the body.

use lapin::{
    BasicProperties,
    message::Delivery,
    types::{AMQPValue, FieldTable},
};
use motcua_context::Timestamp;
use motcua_ids::{EventId, Uuid};
use motcua_store::Envelope;

const CONTENT_TYPE: &str = "application/protobuf";
const PERSISTENT: u8 = 2;
const SOURCE: &str = "/motcua/";

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
    }
    BasicProperties::default()
        .with_content_type(CONTENT_TYPE.into())
        .with_delivery_mode(PERSISTENT)
        .with_message_id(envelope.id.uuid().to_string().into())
        .with_headers(headers)
}

/// The event in a delivery; `None` if it is none of ours.
pub(super) fn envelope(delivery: &Delivery) -> Option<Envelope> {
    let headers = delivery.properties.headers().as_ref()?;
    let text = |name: &str| match headers.inner().get(name)? {
        AMQPValue::LongString(text) => std::str::from_utf8(text.as_bytes()).ok(),
        AMQPValue::ShortString(text) => Some(text.as_str()),
        _ => None,
    };
    Some(Envelope {
        id: EventId::new(Uuid::try_parse(text("ce-id")?).ok()?),
        event_type: text("ce-type")?.to_owned(),
        source: text("ce-source")?.trim_start_matches(SOURCE).to_owned(),
        key: Uuid::try_parse(text("ce-subject")?).ok()?,
        payload: delivery.data.clone(),
        traceparent: text("ce-traceparent").map(ToOwned::to_owned),
        occurred_at: text("ce-time")?.parse::<Timestamp>().ok()?,
    })
}
