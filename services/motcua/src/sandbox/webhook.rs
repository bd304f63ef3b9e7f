//! A sandbox of an organisation's own system: it verifies requests as Standard Webhooks 1.0 has it, and
//! prints what they tell.

use std::{io, sync::Arc};

use anyhow::{Context, ensure};
use axum::{
    Router,
    extract::State,
    http::{HeaderMap, StatusCode},
    routing::post,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use motcua_context::Timestamp;
use sha2::Sha256;
use tokio::net::TcpListener;

/// How far a request's time may be off, in seconds.
const FAR: i64 = 300;

/// Whose requests are taken, and how.
pub struct Receiver {
    key: Vec<u8>,
    answer: StatusCode,
}

impl Receiver {
    /// # Errors
    /// The secret is none, or the status is.
    pub fn new(secret: &str, answer: u16) -> anyhow::Result<Self> {
        let octets = secret.strip_prefix("whsec_").context("--secret: begins with whsec_")?;
        let key = STANDARD.decode(octets).context("--secret: is Base64 behind whsec_")?;
        ensure!(!key.is_empty(), "--secret: is empty");
        let answer = StatusCode::from_u16(answer).context("--answer: must be a status of HTTP")?;
        Ok(Self { key, answer })
    }

    /// Whether a request is signed with the secret, and now.
    fn knows(&self, headers: &HeaderMap, body: &str, now: Timestamp) -> bool {
        let said = |name: &str| headers.get(name)?.to_str().ok();
        let (Some(id), Some(at), Some(signatures)) =
            (said("webhook-id"), said("webhook-timestamp"), said("webhook-signature"))
        else {
            return false;
        };
        let near =
            at.parse().is_ok_and(|at: i64| now.timestamp().abs_diff(at) <= FAR.unsigned_abs());
        let right = |signature: &str| {
            let signature =
                signature.strip_prefix("v1,").and_then(|text| STANDARD.decode(text).ok());
            let mac = Hmac::<Sha256>::new_from_slice(&self.key).ok();
            mac.zip(signature).is_some_and(|(mac, signature)| {
                mac.chain_update(format!("{id}.{at}.{body}")).verify_slice(&signature).is_ok()
            })
        };
        near && signatures.split(' ').any(right)
    }
}

/// Who prints what came.
type Say = Arc<dyn Fn(String) -> io::Result<()> + Send + Sync>;

struct Served {
    receiver: Receiver,
    now: fn() -> Timestamp,
    say: Say,
}

/// Answers until the process ends.
///
/// # Errors
/// The listener breaks.
pub async fn serve(
    listener: TcpListener,
    receiver: Receiver,
    now: fn() -> Timestamp,
    say: impl Fn(String) -> io::Result<()> + Send + Sync + 'static,
) -> anyhow::Result<()> {
    let served = Arc::new(Served { receiver, now, say: Arc::new(say) });
    let router = Router::new().route("/", post(told)).with_state(served);
    axum::serve(listener, router).await.context("the sandbox no longer listens")
}

async fn told(State(own): State<Arc<Served>>, headers: HeaderMap, body: String) -> StatusCode {
    if !own.receiver.knows(&headers, &body, (own.now)()) {
        return StatusCode::UNAUTHORIZED;
    }
    match (own.say)(body) {
        Ok(()) => own.receiver.answer,
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}
