//! What Zalo tells by itself: `POST /notification/zalo/events`. A message that came to its telephone
//! is `user_received_message` with a time; all else is passed over. Zalo waits two seconds, and tells
//! again for hours what was not answered with 200.

use std::sync::Arc;

use axum::{
    Router,
    extract::{DefaultBodyLimit, State},
    http::{HeaderMap, StatusCode},
    routing::post,
};
use motcua_config::Secret;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::NAME;
use crate::{
    config::ZaloConfig,
    domain::{Arrival, Receipt},
    providers::Listener,
};

/// Octets of an event: some hundreds are usual.
const LARGEST: usize = 64 * 1024;
/// Longer than an id of theirs.
const LONGEST_ID: usize = 128;
const SIGNATURE: &str = "x-zevent-signature";
const RECEIVED: &str = "user_received_message";

#[derive(Clone)]
struct Ear {
    app: Arc<str>,
    secret: Secret,
    listener: Listener,
}

/// What is served over HTTP, below `/notification`; nothing where no events are awaited.
pub(crate) fn routes(config: Option<&ZaloConfig>, listener: Listener) -> Router {
    let awaited = config.and_then(|own| Some((own.app_id.as_str(), own.events_secret.clone()?)));
    let Some((app, secret)) = awaited else { return Router::new() };
    let ear = Ear { app: app.into(), secret, listener };
    Router::new()
        .route("/zalo/events", post(hear))
        .layer(DefaultBodyLimit::max(LARGEST))
        .with_state(ear)
}

/// A receipt is answered once it is stored.
async fn hear(State(ear): State<Ear>, headers: HeaderMap, body: String) -> StatusCode {
    let signature = headers.get(SIGNATURE).and_then(|value| value.to_str().ok());
    let event = signature.and_then(|signature| read(&ear.app, &ear.secret, signature, &body));
    let Some(event) = event else {
        tracing::warn!("an event of Zalo is not signed by notification.zalo.events_secret");
        return StatusCode::UNAUTHORIZED;
    };
    let Some(receipt) = receipt(&event) else { return StatusCode::OK };
    match (ear.listener)(receipt).await {
        Ok(()) => StatusCode::OK,
        Err(fault) => {
            tracing::warn!(%fault, "a receipt is not stored; it comes again");
            StatusCode::SERVICE_UNAVAILABLE
        }
    }
}

/// The event, if it is signed and ours: `mac=` and the SHA-256, in hexadecimal, of the app's number, the
/// body as it came, its timestamp and the official account's secret.
fn read(app: &str, secret: &Secret, signature: &str, body: &str) -> Option<Value> {
    let event: Value = serde_json::from_str(body).ok()?;
    let text = |key: &str| match &event[key] {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    let (of, at) = (text("app_id")?, text("timestamp")?);
    let signed = Sha256::new()
        .chain_update(app)
        .chain_update(body)
        .chain_update(at)
        .chain_update(secret.expose())
        .finalize();
    let said = hex::decode(signature.strip_prefix("mac=").unwrap_or(signature)).ok()?;
    (of == app && same(&signed, &said)).then_some(event)
}

/// As long for every answer.
fn same(left: &[u8], right: &[u8]) -> bool {
    let differ = left.iter().zip(right).fold(0, |differ, (left, right)| differ | (left ^ right));
    left.len() == right.len() && differ == 0
}

/// That a message came to its telephone. A message of a conversation bears the same name, and no
/// time.
fn receipt(event: &Value) -> Option<Receipt> {
    let message = &event["message"];
    if event["event_name"] != RECEIVED || message["delivery_time"].is_null() {
        return None;
    }
    let id = message["msg_id"].as_str().filter(|id| !id.is_empty() && id.len() <= LONGEST_ID)?;
    Some(Receipt { provider: NAME.to_owned(), id: id.to_owned(), arrival: Arrival::Delivered })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn signed(body: &str, at: &str) -> String {
        format!("mac={}", hex::encode(Sha256::digest(format!("4412{body}{at}oa-secret"))))
    }

    fn known(signature: &str, body: &str) -> bool {
        read("4412", &Secret::new("oa-secret"), signature, body).is_some()
    }

    #[test]
    fn only_what_is_signed_and_ours_is_an_event() {
        let body = r#"{ "app_id": "4412", "timestamp": "1764316800000", "event_name": "x" }"#;
        let good = signed(body, "1764316800000");
        assert!(known(&good, body) && known(&good[4..], body));
        assert!(!known(&good, &body.replace("\"x\"", "\"y\"")), "another body");
        assert!(!known(&good[..20], body) && !known("mac=", body) && !known("", body));
        let number = body.replace("\"1764316800000\"", "1764316800000");
        assert!(known(&signed(&number, "1764316800000"), &number));
        let theirs = body.replace("4412", "4413");
        assert!(!known(&signed(&theirs, "1764316800000"), &theirs), "another app's");
    }

    #[test]
    fn a_message_that_came_to_its_telephone_is_told() {
        let told = |event: Value| receipt(&event).map(|receipt| receipt.id);
        let message = json!({ "msg_id": "z1", "delivery_time": "1764316800000" });
        let received = json!({ "event_name": RECEIVED, "message": message });
        assert_eq!(told(received), Some("z1".to_owned()));
        let spoken = json!({ "event_name": RECEIVED, "message": { "msg_id": "z1" } });
        assert_eq!(told(spoken), None, "of a conversation");
        assert_eq!(told(json!({ "event_name": "user_send_text", "message": message })), None);
    }

    proptest! {
        #[test]
        fn any_event_is_read_or_refused(body in "\\PC{0,200}", signature in "\\PC{0,80}") {
            prop_assert!(!known(&signature, &body));
            let event = serde_json::from_str(&body).unwrap_or_default();
            prop_assert!(receipt(&event).is_none_or(|receipt| receipt.id.len() <= LONGEST_ID));
        }
    }
}
