//! A sandbox of Zalo's notification service (ZNS) and of the place where tokens are renewed. The last
//! three digits of a telephone say what happens: 001 not now, 002 never, 003 the answer comes late,
//! 004 out of quota; all others are taken.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::Context;
use axum::{Json, Router, extract::State, http::HeaderMap, routing::post};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use url::form_urlencoded;

use super::recipient::{Magic, SLOW};

/// How long an access token is good, in seconds.
const GOOD_FOR: u32 = 90_000;

/// Whose messages are taken.
#[derive(Debug, Clone)]
pub struct App {
    /// The app's number.
    pub id: String,
    /// Its secret.
    pub secret: String,
    /// The refresh token with which it begins.
    pub refresh: String,
}

#[derive(Clone)]
struct Zalo {
    app: Arc<App>,
    tokens: Arc<Mutex<Tokens>>,
}

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
pub async fn serve(listener: TcpListener, app: App) -> anyhow::Result<()> {
    let tokens = Tokens { count: 0, refresh: app.refresh.clone(), access: None };
    let zalo = Zalo { app: Arc::new(app), tokens: Arc::new(Mutex::new(tokens)) };
    let router = Router::new()
        .route("/message/template", post(message))
        .route("/v4/oa/access_token", post(renew))
        .with_state(zalo);
    axum::serve(listener, router).await.context("the sandbox no longer listens")
}

impl Zalo {
    fn tokens(&self) -> MutexGuard<'_, Tokens> {
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner)
    }
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
