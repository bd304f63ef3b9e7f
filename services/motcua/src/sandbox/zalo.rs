//! A sandbox of Zalo's notification service (ZNS) and of the place where tokens are renewed. The last
//! three digits of a telephone say what happens: 001 not now, 002 never, 003 the answer comes late,
//! 004 out of quota; all others are taken.
//!
//! There is one person, who has every telephone: `POST /person/text` says something to the official
//! account for them and `POST /person/photo` sends a picture, the body in either; what the account says
//! to them is printed.

use std::{
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use anyhow::Context;
use axum::{
    Json, Router,
    body::Bytes,
    extract::{DefaultBodyLimit, Path, State},
    http::{HeaderMap, StatusCode},
    routing::{get, post},
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::net::TcpListener;
use url::{Url, form_urlencoded};

use super::recipient::{Magic, SLOW};

/// How long a message takes to its telephone.
const MOMENT: Duration = Duration::from_secs(1);
/// How long Zalo waits for an answer.
const PATIENCE: Duration = Duration::from_secs(2);
/// How long an access token is good, in seconds.
const GOOD_FOR: u32 = 90_000;
/// The one person, by their number at the official account.
const PERSON: &str = "sandbox-person";
/// Octets of a picture.
const LARGEST: usize = 20 << 20;

/// Whose messages are taken.
#[derive(Debug, Clone)]
pub struct App {
    /// The app's number.
    pub id: String,
    /// Its secret.
    pub secret: String,
    /// The refresh token with which it begins.
    pub refresh: String,
    /// Where it is told that a message came, if it is.
    pub events: Option<Events>,
}

/// Where an app is told what happens, and by what it knows that it is Zalo that tells.
#[derive(Debug, Clone)]
pub struct Events {
    /// The app's webhook.
    pub url: Url,
    /// The official account's secret.
    pub secret: String,
}

#[derive(Clone)]
struct Zalo {
    app: Arc<App>,
    tokens: Arc<Mutex<Tokens>>,
    /// What the person sent.
    pictures: Arc<Mutex<Vec<Bytes>>>,
    /// Where they are, to be fetched by the app.
    own: Arc<str>,
    say: Say,
}

/// Who prints what the person hears.
type Say = fn(String) -> io::Result<()>;

/// Those in force.
struct Tokens {
    count: u32,
    refresh: String,
    access: Option<String>,
}

/// Answers until the process ends.
///
/// # Errors
/// The listener breaks.
pub async fn serve(listener: TcpListener, app: App, say: Say) -> anyhow::Result<()> {
    let tokens = Tokens { count: 0, refresh: app.refresh.clone(), access: None };
    let own = format!("http://{}", listener.local_addr()?).into();
    let (tokens, pictures) = (Arc::new(Mutex::new(tokens)), Arc::default());
    let zalo = Zalo { app: Arc::new(app), tokens, pictures, own, say };
    let router = Router::new()
        .route("/message/template", post(message))
        .route("/v4/oa/access_token", post(renew))
        .route("/v3.0/oa/message/cs", post(talk))
        .route("/person/text", post(text))
        .route("/person/photo", post(photo).layer(DefaultBodyLimit::max(LARGEST)))
        .route("/picture/{n}", get(picture))
        .with_state(zalo);
    axum::serve(listener, router).await.context("the sandbox no longer listens")
}

impl Zalo {
    fn tokens(&self) -> MutexGuard<'_, Tokens> {
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Zalo {
    /// Tells a moment later that a message came.
    #[expect(clippy::disallowed_methods, reason = "a sandbox ends with its process")]
    fn tell(&self, id: &Value) {
        let event = json!({
            "event_name": "user_received_message",
            "app_id": self.app.id,
            "timestamp": "1",
            "recipient": { "id": PERSON },
            "message": { "msg_id": id, "delivery_time": "1" },
        });
        let own = self.clone();
        tokio::spawn(async move {
            tokio::time::sleep(MOMENT).await;
            own.told(&event).await;
        });
    }

    /// Tells the app an event, and says what it answered; none where nothing is told.
    async fn told(&self, event: &Value) -> Option<reqwest::StatusCode> {
        let Events { url, secret } = self.app.events.as_ref()?;
        let body = event.to_string();
        let signed = format!("{}{body}1{secret}", self.app.id);
        match tell(url, body, &hex::encode(Sha256::digest(signed))).await {
            Ok(status) => {
                tracing::info!(%status, "the app answered an event");
                Some(status)
            }
            Err(error) => {
                tracing::warn!(%error, "the app cannot be told");
                None
            }
        }
    }

    /// Something that the person does, told to the app.
    async fn does(&self, name: &str, mut message: Value) -> StatusCode {
        let id = uuid::Builder::from_random_bytes(rand::random()).into_uuid();
        message["msg_id"] = json!(id.to_string());
        let event = json!({
            "event_name": name,
            "app_id": self.app.id,
            "timestamp": "1",
            "sender": { "id": PERSON },
            "recipient": { "id": "sandbox-account" },
            "message": message,
        });
        let answered = self.told(&event).await;
        answered
            .and_then(|status| StatusCode::from_u16(status.as_u16()).ok())
            .unwrap_or(StatusCode::BAD_GATEWAY)
    }

    fn pictures(&self) -> MutexGuard<'_, Vec<Bytes>> {
        self.pictures.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The official account says something to the person.
async fn talk(
    State(zalo): State<Zalo>,
    headers: HeaderMap,
    Json(asked): Json<Value>,
) -> Json<Value> {
    let error = |code: i32| Json(json!({ "error": code, "message": "sandbox" }));
    let access = said(&headers, "access_token");
    if access.is_none() || access != zalo.tokens().access.as_deref() {
        return error(-216);
    }
    if asked["recipient"]["user_id"] != PERSON {
        return error(-213);
    }
    let Some(text) = asked["message"]["text"].as_str() else { return error(-201) };
    // Whoever started it may have gone; the answer is the same.
    let _ = (zalo.say)(format!("official account: {text}"));
    Json(json!({ "error": 0, "message": "Success", "data": { "user_id": PERSON } }))
}

/// The person says something.
async fn text(State(zalo): State<Zalo>, body: String) -> StatusCode {
    zalo.does("user_send_text", json!({ "text": body.trim() })).await
}

/// The person sends a picture.
async fn photo(State(zalo): State<Zalo>, body: Bytes) -> StatusCode {
    let n = {
        let mut all = zalo.pictures();
        all.push(body);
        all.len() - 1
    };
    let payload = json!({ "url": format!("{}/picture/{n}", zalo.own) });
    let attachments = json!([{ "type": "image", "payload": payload }]);
    zalo.does("user_send_image", json!({ "attachments": attachments })).await
}

async fn picture(State(zalo): State<Zalo>, Path(n): Path<usize>) -> Result<Bytes, StatusCode> {
    zalo.pictures().get(n).cloned().ok_or(StatusCode::NOT_FOUND)
}

async fn tell(url: &Url, body: String, mac: &str) -> anyhow::Result<reqwest::StatusCode> {
    let client = reqwest::Client::builder().no_proxy().timeout(PATIENCE).build()?;
    let request = client.post(url.clone()).header("X-ZEvent-Signature", format!("mac={mac}"));
    let request = request.header("content-type", "application/json").body(body);
    Ok(request.send().await?.status())
}

fn said<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

async fn message(
    State(zalo): State<Zalo>,
    headers: HeaderMap,
    Json(asked): Json<Value>,
) -> Json<Value> {
    let error = |code: i32| Json(json!({ "error": code, "message": "sandbox" }));
    let access = said(&headers, "access_token");
    if access.is_none() || access != zalo.tokens().access.as_deref() {
        return error(-124);
    }
    match Magic::of(asked["phone"].as_str().unwrap_or_default()) {
        Magic::Later => return error(-100),
        Magic::Never => return error(-108),
        Magic::UsedUp => return error(-115),
        Magic::Slow => tokio::time::sleep(SLOW).await,
        Magic::Taken => {}
    }
    if asked["template_id"].as_str().is_none_or(str::is_empty) {
        return error(-109);
    }
    let Some(data) = asked["template_data"].as_object() else { return error(-111) };
    if data.values().any(|value| value.as_str().is_none_or(str::is_empty)) {
        return error(-112);
    }
    zalo.tell(&asked["tracking_id"]);
    let data = json!({ "msg_id": asked["tracking_id"], "sent_time": "0" });
    Json(json!({ "error": 0, "message": "Success", "data": data }))
}

/// Each refresh token is good once; the next comes with the access token.
async fn renew(State(zalo): State<Zalo>, headers: HeaderMap, body: String) -> Json<Value> {
    let field = |name: &str| {
        let mut fields = form_urlencoded::parse(body.as_bytes());
        fields.find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    };
    let error = |code: i32, name: &str| Json(json!({ "error": code, "error_name": name }));
    if said(&headers, "secret_key") != Some(&*zalo.app.secret) {
        return error(-14004, "Invalid secret key.");
    }
    if field("app_id").as_ref() != Some(&zalo.app.id) {
        return error(-14002, "Invalid app id.");
    }
    let mut tokens = zalo.tokens();
    if field("grant_type").as_deref() != Some("refresh_token")
        || field("refresh_token").as_ref() != Some(&tokens.refresh)
    {
        return error(-14014, "Invalid refresh token.");
    }
    tokens.count += 1;
    let (access, refresh) =
        (format!("sandbox-access-{}", tokens.count), format!("sandbox-refresh-{}", tokens.count));
    let answer = json!({
        "access_token": access,
        "refresh_token": refresh,
        "expires_in": GOOD_FOR.to_string(),
    });
    tokens.access = Some(access);
    tokens.refresh = refresh;
    Json(answer)
}
