//! What Zalo tells by itself: `POST /notification/zalo/events`. A message that came to its telephone
//! is `user_received_message` with a time; pictures are `user_send_image`, and words
//! `user_send_text`. All else is passed over. Zalo waits two seconds, and tells again for hours what
//! was not answered with 200.

use std::sync::Arc;

use axum::{
    Router,
    extract::{DefaultBodyLimit, State},
    http::{HeaderMap, StatusCode},
    routing::post,
};
use futures::future::BoxFuture;
use motcua_config::Secret;
use motcua_fault::Fault;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::NAME;
use crate::{
    config::ZaloConfig,
    domain::{Arrival, Did, Receipt, Spoken},
    providers::Listener,
};

/// Octets of an event: some hundreds are usual.
const LARGEST: usize = 64 * 1024;
/// Longer than an id of theirs.
const LONGEST_ID: usize = 128;
const SIGNATURE: &str = "x-zevent-signature";
const RECEIVED: &str = "user_received_message";
const IMAGE: &str = "user_send_image";
const TEXT: &str = "user_send_text";
/// Pictures of one message.
const PICTURES: usize = 20;

/// Who is told what people do. Once it has answered, Zalo may forget.
pub(crate) type Hearer = Arc<dyn Fn(Spoken) -> BoxFuture<'static, Result<(), Fault>> + Send + Sync>;

#[derive(Clone)]
struct Ear {
    app: Arc<str>,
    secret: Secret,
    listener: Listener,
    hearer: Option<Hearer>,
}

/// What is served over HTTP, below `/notification`; nothing where no events are awaited.
pub(crate) fn routes(
    config: Option<&ZaloConfig>,
    listener: Listener,
    hearer: Option<Hearer>,
) -> Router {
    let awaited = config.and_then(|own| Some((own.app_id.as_str(), own.events_secret.clone()?)));
    let Some((app, secret)) = awaited else { return Router::new() };
    let ear = Ear { app: app.into(), secret, listener, hearer };
    Router::new()
        .route("/zalo/events", post(hear))
        .layer(DefaultBodyLimit::max(LARGEST))
        .with_state(ear)
}

/// What is told is answered once it is stored.
async fn hear(State(ear): State<Ear>, headers: HeaderMap, body: String) -> StatusCode {
    let signature = headers.get(SIGNATURE).and_then(|value| value.to_str().ok());
    let event = signature.and_then(|signature| read(&ear.app, &ear.secret, signature, &body));
    let Some(event) = event else {
        tracing::warn!("an event of Zalo is not signed by notification.zalo.events_secret");
        return StatusCode::UNAUTHORIZED;
    };
    match ear.tell(&event).await {
        Ok(()) => StatusCode::OK,
        Err(fault) => {
            tracing::warn!(%fault, "what Zalo told is not stored; it comes again");
            StatusCode::SERVICE_UNAVAILABLE
        }
    }
}

impl Ear {
    /// Both are told of a message that came; either bears being told twice.
    async fn tell(&self, event: &Value) -> Result<(), Fault> {
        if let Some(receipt) = receipt(event) {
            (self.listener)(receipt).await?;
        }
        match (&self.hearer, spoken(event)) {
            (Some(hearer), Some(spoken)) => hearer(spoken).await,
            _ => Ok(()),
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

/// What somebody did, as far as it may concern a dossier.
fn spoken(event: &Value) -> Option<Spoken> {
    let message = &event["message"];
    let id = |value: &Value| {
        let id = value.as_str().filter(|id| !id.is_empty() && id.len() <= LONGEST_ID);
        id.map(str::to_owned)
    };
    let (user, what) = match event["event_name"].as_str()? {
        RECEIVED if !message["delivery_time"].is_null() => (&event["recipient"]["id"], Did::Got),
        IMAGE => {
            let parts = message["attachments"].as_array()?.iter();
            let urls = parts.filter_map(|part| part["payload"]["url"].as_str().map(str::to_owned));
            let urls: Vec<_> = urls.take(PICTURES).collect();
            (!urls.is_empty()).then_some((&event["sender"]["id"], Did::Showed(urls)))?
        }
        TEXT => (&event["sender"]["id"], Did::Said(message["text"].as_str()?.to_owned())),
        _ => return None,
    };
    Some(Spoken { user: id(user)?, message: id(&message["msg_id"])?, what })
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

    #[test]
    fn what_people_do_is_told() {
        let did = |event: Value| spoken(&event).map(|spoken| (spoken.user, spoken.what));
        let part = |url: &str| json!({ "type": "image", "payload": { "url": url } });
        let message = json!({ "msg_id": "m", "attachments": [part("https://a/"), {}] });
        let image = json!({ "event_name": IMAGE, "sender": { "id": "p" }, "message": message });
        assert!(did(image) == Some(("p".into(), Did::Showed(vec!["https://a/".into()]))));
        let text = |message: Value| json!({ "event_name": TEXT, "sender": { "id": "p" }, "message": message });
        let said = did(text(json!({ "msg_id": "m", "text": "CÓ" })));
        assert!(said == Some(("p".into(), Did::Said("CÓ".into()))));
        assert!(did(text(json!({ "text": "CÓ" }))).is_none(), "it has no number");
        let got = json!({ "msg_id": "m", "delivery_time": "1" });
        let got = json!({ "event_name": RECEIVED, "recipient": { "id": "p" }, "message": got });
        assert!(did(got) == Some(("p".into(), Did::Got)));
        let follow = json!({ "event_name": "follow", "follower": { "id": "p" } });
        assert!(did(follow).is_none());
    }

    proptest! {
        #[test]
        fn any_event_is_read_or_refused(body in "\\PC{0,200}", signature in "\\PC{0,80}") {
            prop_assert!(!known(&signature, &body));
            let event = serde_json::from_str(&body).unwrap_or_default();
            prop_assert!(spoken(&event).is_none_or(|it| it.user.len() <= LONGEST_ID));
            prop_assert!(receipt(&event).is_none_or(|receipt| receipt.id.len() <= LONGEST_ID));
        }
    }
}
