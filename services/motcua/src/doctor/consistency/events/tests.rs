use std::sync::Arc;

use motcua_context::SystemClock;
use motcua_ids::Uuid;
use motcua_post::Envelope;
use motcua_service::Host;

use super::*;
use crate::{roles, settings};

/// An event as it lies in a log; `before_acceptance` where it has such a field, or a sum where
/// that decides.
fn said(event_type: &str, before_acceptance: bool) -> Said {
    let payload = match event_type {
        "motcua.intake.v1.SupplementRequested" => {
            intake::SupplementRequested { before_acceptance, ..Default::default() }.encode_to_vec()
        }
        "motcua.intake.v1.SupplementProvided" => {
            intake::SupplementProvided { before_acceptance, ..Default::default() }.encode_to_vec()
        }
        "motcua.intake.v1.SupplementExpired" => {
            intake::SupplementExpired { before_acceptance, ..Default::default() }.encode_to_vec()
        }
        "motcua.intake.v1.DossierStopped" => {
            intake::DossierStopped { before_acceptance, ..Default::default() }.encode_to_vec()
        }
        "motcua.payment.v1.PaymentSettled" => {
            let amount_vnd = i64::from(before_acceptance);
            payment::PaymentSettled { amount_vnd, ..Default::default() }.encode_to_vec()
        }
        _ => Vec::new(),
    };
    let envelope = Envelope {
        id: EventId::new(Uuid::nil()),
        event_type: event_type.to_owned(),
        source: String::new(),
        key: Uuid::nil(),
        payload,
        traceparent: None,
        occurred_at: Timestamp::UNIX_EPOCH,
    };
    Said { seq: 1, envelope, published: true }
}

#[tokio::test]
async fn the_listeners_here_are_those_that_listen() {
    let data = tempfile::tempdir().unwrap();
    let data = format!("server.data={}", data.path().display());
    let settings = settings::only(&[data]).unwrap();
    let mut host = Host::new(settings, &roles::ALL, &roles::ALL, Arc::new(SystemClock)).unwrap();
    Box::pin(roles::mount(&mut host)).await.unwrap();
    let listens = host.listens();
    let all: Vec<_> = listens.values().flatten().collect();
    for (service, types) in &listens {
        let here = LISTENERS.iter().find(|listener| listener.name == *service);
        for event_type in &all {
            // What the catalog says is forgotten upon, without a trace.
            let listens = types.contains(event_type) && !event_type.starts_with("motcua.catalog.");
            let acts = here.is_some_and(|here| {
                [false, true].iter().any(|before| (here.acts)(&said(event_type, *before)))
            });
            assert_eq!(acts, listens, "{service} and {event_type}");
        }
    }
}
