//! A sandbox of the operators' gateways of brand names: VinaPhone's (JSON) and Viettel's (SOAP). The
//! last three digits of a telephone say what happens: 001 not now, 002 never, 003 the answer comes
//! late, 004 no more for now; all others are taken.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, PoisonError},
};

use anyhow::Context;
use axum::{
    Json, Router,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::post,
};
use quick_xml::{
    Reader,
    escape::{escape, resolve_predefined_entity},
    events::Event,
};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::recipient::{Magic, SLOW};

/// VinaPhone's codes here: what its contract's handbook says is not public.
pub const REFUSED: &str = "12";
/// That a `REQID` was taken before.
pub const REPEATED: &str = "3";
const WRONG_PASSWORD: &str = "1";
const NOT_NOW: &str = "99";

#[derive(Clone)]
struct Gateway {
    password: Arc<str>,
    /// What was taken.
    known: Arc<Mutex<HashSet<String>>>,
}

/// Answers until the process ends; `password` is ours at both.
///
/// # Errors
/// The listener breaks.
pub async fn serve(listener: TcpListener, password: &str) -> anyhow::Result<()> {
    let gateway = Gateway { password: password.into(), known: Arc::default() };
    let router = Router::new()
        .route("/vinaphone", post(vinaphone))
        .route("/viettel", post(viettel))
        .with_state(gateway);
    axum::serve(listener, router).await.context("the sandbox no longer listens")
}

impl Gateway {
    /// Whether this is taken for the first time.
    fn take(&self, what: String) -> bool {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).insert(what)
    }
}

async fn vinaphone(State(gateway): State<Gateway>, Json(body): Json<Value>) -> Response {
    let asked = &body["RQST"];
    let text = |key: &str| asked[key].as_str().unwrap_or_default();
    let says = |code: &str| {
        let words = if code == "0" { "success" } else { "sandbox" };
        let reply = json!({ "name": "send_sms_list", "ERROR": code, "ERROR_DESC": words });
        Json(json!({ "RPLY": reply })).into_response()
    };
    if text("APIPASS") != &*gateway.password {
        return says(WRONG_PASSWORD);
    }
    match Magic::of(text("MOBILELIST")) {
        Magic::Later => return says(NOT_NOW),
        Magic::Never => return says(REFUSED),
        Magic::UsedUp => return StatusCode::TOO_MANY_REQUESTS.into_response(),
        Magic::Taken | Magic::Slow => {}
    }
    let code = if gateway.take(text("REQID").to_owned()) { "0" } else { REPEATED };
    late(text("MOBILELIST")).await;
    says(code)
}

async fn viettel(State(gateway): State<Gateway>, body: String) -> Response {
    let Some(asked) = fields(&body) else { return StatusCode::BAD_REQUEST.into_response() };
    let text = |key: &str| asked.get(key).map_or("", String::as_str);
    let receiver = text("ReceiverID");
    let message = if text("Password") != &*gateway.password {
        "Authenticate: WRONG_INFORMATION_AUTHENTICATE"
    } else if text("RequestID").parse::<u64>().is_err() {
        "Check RequestID: REQUEST_ID_NOT_NUMBER"
    } else {
        match Magic::of(receiver) {
            Magic::Later => "Check information error",
            Magic::Never => "Check ReceiverID: FORMAT_ERROR",
            Magic::UsedUp => return StatusCode::TOO_MANY_REQUESTS.into_response(),
            Magic::Taken | Magic::Slow => {
                let fresh = gateway.take(format!("{receiver} {}", text("Content")));
                late(receiver).await;
                if fresh { TAKEN } else { "Check ServiceID: DUPLICATE MESSAGE" }
            }
        }
    };
    let result = u8::from(message == TAKEN);
    let body = format!(
        "<?xml version=\"1.0\" ?>\
         <S:Envelope xmlns:S=\"http://schemas.xmlsoap.org/soap/envelope/\"><S:Body>\
         <ns2:wsCpMtResponse xmlns:ns2=\"http://impl.bulkSms.ws/\"><return>\
         <message>{}</message><result>{result}</result>\
         </return></ns2:wsCpMtResponse></S:Body></S:Envelope>",
        escape(message),
    );
    ([(header::CONTENT_TYPE, "text/xml;charset=utf-8")], body).into_response()
}

const TAKEN: &str = "Insert MT_QUEUE: OK";

async fn late(phone: &str) {
    if Magic::of(phone) == Magic::Slow {
        tokio::time::sleep(SLOW).await;
    }
}

/// The texts of a message's elements, by their names.
fn fields(body: &str) -> Option<HashMap<String, String>> {
    let mut xml = Reader::from_str(body);
    let (mut fields, mut name) = (HashMap::<String, String>::new(), String::new());
    loop {
        let text = match xml.read_event().ok()? {
            Event::Start(start) => {
                start.local_name().into_inner().clone_into(&mut name);
                continue;
            }
            Event::Text(text) => (*text).to_owned(),
            Event::GeneralRef(entity) => resolve_predefined_entity(&entity)?.to_owned(),
            Event::End(_) => {
                name.clear();
                continue;
            }
            Event::Eof => return Some(fields),
            _ => continue,
        };
        if !name.is_empty() {
            fields.entry(name.clone()).or_default().push_str(&text);
        }
    }
}
