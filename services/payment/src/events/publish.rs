use motcua_clockwire::instant_message as instant;
use motcua_proto::payment::v1 as proto;
use motcua_store::Tx;

use crate::{
    domain::{Event, Order},
    grpc::method_message,
};

/// Says what happened to an order, with the version that it made.
pub(crate) fn say(tx: &Tx, order: &Order, version: i64, event: &Event) {
    let dossier = order.facts.dossier.name();
    let code = order.facts.code.clone();
    let key = order.facts.dossier.uuid();
    match event {
        Event::Requested { amount, due_at, at } => tx.publish(
            key,
            &proto::PaymentRequested {
                dossier,
                code,
                version,
                amount_vnd: amount.dong(),
                due_time: Some(instant(*due_at)),
                request_time: Some(instant(*at)),
            },
        ),
        Event::Settled { amount, method, at } => tx.publish(
            key,
            &proto::PaymentSettled {
                dossier,
                code,
                version,
                amount_vnd: amount.dong(),
                method: method.map_or(proto::PaymentMethod::Unspecified, method_message).into(),
                settle_time: Some(instant(*at)),
            },
        ),
        Event::Lapsed { at } => tx.publish(
            key,
            &proto::PaymentLapsed { dossier, code, version, lapse_time: Some(instant(*at)) },
        ),
        Event::Refunded { refund, amount, at } => tx.publish(
            key,
            &proto::PaymentRefunded {
                dossier,
                code,
                version,
                refund: refund.name(),
                amount_vnd: amount.dong(),
                refund_time: Some(instant(*at)),
            },
        ),
    }
}
