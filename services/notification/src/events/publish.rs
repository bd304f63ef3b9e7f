use chrono::{DateTime, Utc};
use motcua_ids::{DossierId, Uuid};
use motcua_proto::notification::v1::{MessageDelivered, MessageFailed};
use motcua_store::Tx;

use crate::{
    domain::{Arrival, Message, MessageState},
    grpc::{channel_message, dossier_name, topic_message},
};

/// About what an event is said: the dossier, or the message itself where it is about none.
fn about(message: &Message) -> Uuid {
    message.origin.dossier.map_or(message.id.uuid(), DossierId::uuid)
}

fn delivered(tx: &Tx, message: &Message, at: DateTime<Utc>) {
    let event = MessageDelivered {
        message: message.id.name(),
        dossier: dossier_name(message.origin.dossier),
        code: message.origin.code.clone(),
        version: message.version,
        topic: topic_message(message.topic).into(),
        channel: channel_message(message.written.address.channel()).into(),
        deliver_time: Some(std::time::SystemTime::from(at).into()),
    };
    tx.publish(about(message), &event);
}

fn failed(tx: &Tx, message: &Message, reason: &str, at: DateTime<Utc>) {
    let event = MessageFailed {
        message: message.id.name(),
        dossier: dossier_name(message.origin.dossier),
        code: message.origin.code.clone(),
        version: message.version,
        topic: topic_message(message.topic).into(),
        channel: channel_message(message.written.address.channel()).into(),
        failure_code: reason.to_owned(),
        fail_time: Some(std::time::SystemTime::from(at).into()),
    };
    tx.publish(about(message), &event);
}

/// Says what became of a message, once that is known.
pub(crate) fn ended(tx: &Tx, message: &Message, at: DateTime<Utc>) {
    match &message.state {
        MessageState::Queued { .. } | MessageState::Sent { .. } | MessageState::Spared { .. } => {}
        MessageState::Delivered { .. } => delivered(tx, message, at),
        MessageState::Failed { reason, .. } => failed(tx, message, reason, at),
        MessageState::Expired { .. } => failed(tx, message, Arrival::Expired.word(), at),
    }
}
