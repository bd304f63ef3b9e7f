//! One click in a mail program, and no more letters come that need not be sent (RFC 8058):
//! `POST /notification/unsubscribe/{token}`, as `List-Unsubscribe` of a letter says. Whoever opens the
//! address in a browser is shown a button, and nothing else happens: programs that look whether
//! links are harmful open them as well.

use std::sync::{Arc, LazyLock};

use axum::{
    Router,
    extract::{DefaultBodyLimit, Path, State},
    http::{
        StatusCode,
        header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY},
    },
    response::{Html, IntoResponse, Response},
    routing::get,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use futures::future::BoxFuture;
use motcua_fault::{Fault, Kind};
use motcua_ids::MessageId;
use motcua_sealing::Keyring;
use sha2::{Digest, Sha256};

use crate::{config::SmtpConfig, providers::proved::Proved};

const LABEL: &str = "notification/unsubscribe";
/// Octets of what a mail program sends: some dozens, or some hundreds as a form of several parts.
const LARGEST: usize = 4 * 1024;
/// What it says, by the RFC.
pub(super) const FIELD: &str = "List-Unsubscribe";
pub(super) const ONE_CLICK: &str = "One-Click";

/// Letters and a button for whoever holds a telephone at arm's length.
const STYLE: &str = "body{font:1.2rem/1.5 sans-serif;max-width:32rem;margin:2rem auto;padding:0 1rem}\
    button{font:inherit;width:100%;padding:.8rem}";
/// No style but that one.
static POLICY: LazyLock<String> = LazyLock::new(|| {
    let style = STANDARD.encode(Sha256::digest(STYLE));
    format!(
        "default-src 'none'; style-src 'sha256-{style}'; form-action 'self'; frame-ancestors 'none'"
    )
});

/// Who stops letters as one that was sent asks for.
pub(crate) type Stopper =
    Arc<dyn Fn(MessageId) -> BoxFuture<'static, Result<(), Fault>> + Send + Sync>;

/// The addresses at which letters are stopped, another for each.
#[derive(Clone)]
pub(crate) struct Unsubscribing {
    base: Option<String>,
    tokens: Proved,
}

#[derive(Clone)]
struct Door {
    tokens: Proved,
    stopper: Stopper,
}

impl Unsubscribing {
    /// Below the address of the settings, if there is one.
    pub(crate) fn new(config: &SmtpConfig, keyring: &Arc<Keyring>) -> Self {
        let base = config.unsubscribe.as_deref().map(|base| base.trim_end_matches('/').to_owned());
        Self { base, tokens: Proved::new(LABEL, keyring.clone()) }
    }

    /// The one of a message.
    pub(super) fn of(&self, message: MessageId) -> Option<String> {
        let base = self.base.as_ref()?;
        Some(format!("{base}/notification/unsubscribe/{}", self.tokens.of(message)))
    }

    /// What is served over HTTP, below `/notification`; also where no letter names it any more, since
    /// those that did still lie in mailboxes.
    pub(crate) fn routes(self, stopper: Stopper) -> Router {
        Router::new()
            .route("/unsubscribe/{token}", get(show).post(stop))
            .layer(DefaultBodyLimit::max(LARGEST))
            .with_state(Door { tokens: self.tokens, stopper })
    }
}

async fn show(State(door): State<Door>, Path(token): Path<String>) -> Response {
    if door.tokens.read(&token).is_none() {
        return nothing();
    }
    let button = format!(
        "<p>Ông/Bà muốn ngừng nhận những thư không bắt buộc? Những thư mà pháp luật yêu cầu phải \
         gửi vẫn được gửi.</p><form method=\"post\"><button name=\"{FIELD}\" \
         value=\"{ONE_CLICK}\">Ngừng nhận thư</button></form>"
    );
    page(StatusCode::OK, &button)
}

/// What was asked is answered once it is stored.
async fn stop(State(door): State<Door>, Path(token): Path<String>, body: String) -> Response {
    let Some(message) = door.tokens.read(&token) else { return nothing() };
    if !is_one_click(&body) {
        let text = format!(
            "<p>Yêu cầu thiếu {FIELD}={ONE_CLICK}. Ông/Bà hãy mở lại liên kết trong thư và bấm nút.</p>"
        );
        return page(StatusCode::BAD_REQUEST, &text);
    }
    match (door.stopper)(message).await {
        Ok(()) => page(
            StatusCode::OK,
            "<p>Từ nay chúng tôi không gửi những thư như vậy nữa. Những thư mà pháp luật yêu cầu \
             phải gửi vẫn được gửi. Người có tài khoản có thể chọn lại cách nhận thông báo trên \
             Cổng Dịch vụ công.</p>",
        ),
        Err(fault) if fault.kind() == Kind::NotFound => nothing(),
        Err(fault) => {
            tracing::warn!(%fault, message = message.name(), "letters are not stopped that were to be");
            page(
                StatusCode::SERVICE_UNAVAILABLE,
                "<p>Chưa ghi nhận được yêu cầu. Ông/Bà vui lòng thử lại sau ít phút.</p>",
            )
        }
    }
}

/// Mail programs may send it as either kind of form.
fn is_one_click(body: &str) -> bool {
    let fields = format!("{FIELD}={ONE_CLICK}");
    let part = format!("name=\"{FIELD}\"\r\n\r\n{ONE_CLICK}\r\n");
    body.trim().split('&').any(|field| field == fields) || body.contains(&part)
}

/// Nobody learns why: a token that is none, or of a message that is no more.
fn nothing() -> Response {
    page(
        StatusCode::NOT_FOUND,
        "<p>Không có trang này. Liên kết có thể đã bị cắt mất một phần.</p>",
    )
}

fn page(status: StatusCode, body: &str) -> Response {
    let html = format!(
        "<!doctype html><html lang=\"vi\"><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\">\
         <title>Ngừng nhận thư</title><style>{STYLE}</style><h1>Ngừng nhận thư</h1>{body}</html>"
    );
    let headers = [
        (CACHE_CONTROL, "no-store"),
        (CONTENT_SECURITY_POLICY, POLICY.as_str()),
        // The address is what stops the letters.
        (REFERRER_POLICY, "no-referrer"),
    ];
    (status, headers, Html(html)).into_response()
}

#[cfg(test)]
mod tests {
    use motcua_ids::Uuid;
    use proptest::prelude::*;

    use super::*;

    fn unsubscribing(base: &str) -> Unsubscribing {
        let config = SmtpConfig { unsubscribe: Some(base.to_owned()), ..SmtpConfig::default() };
        Unsubscribing::new(&config, &Arc::new(Keyring::generate()))
    }

    #[test]
    fn a_token_names_its_message_and_no_other_is_one() {
        let own = unsubscribing("https://example.vn/");
        let id = MessageId::new(Uuid::from_u128(7));
        let address = own.of(id).unwrap();
        let token = address.strip_prefix("https://example.vn/notification/unsubscribe/").unwrap();
        assert_eq!(own.tokens.read(token), Some(id));
        let other = own.of(MessageId::new(Uuid::from_u128(8))).unwrap();
        let mixed = format!("{}{}", &token[..32], &other[other.len() - 16..]);
        let keyring = Arc::new(Keyring::generate());
        let returned = Proved::new("notification/return", keyring.clone()).of(id);
        for wrong in ["", &token[..47], &mixed, &returned, "ñ"] {
            assert_eq!(own.tokens.read(wrong), None, "{wrong}");
        }
        let same = Proved::new(LABEL, keyring);
        assert_eq!(same.read(&returned), None, "a token of another use");
        assert_eq!(same.read(&same.of(id).to_uppercase()), Some(id));
    }

    #[test]
    fn either_form_is_one_click() {
        let part = "--x\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--x--";
        for good in ["List-Unsubscribe=One-Click", "a=b&List-Unsubscribe=One-Click\r\n", part] {
            assert!(is_one_click(good), "{good}");
        }
        for other in ["", "List-Unsubscribe=", "One-Click", "List-Unsubscribe=One-Clicks"] {
            assert!(!is_one_click(other), "{other}");
        }
    }

    proptest! {
        #[test]
        fn any_token_is_ours_or_none(token in "\\PC{0,60}") {
            prop_assert_eq!(unsubscribing("https://example.vn").tokens.read(&token), None);
        }
    }
}
