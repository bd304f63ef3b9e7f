//! A sandbox of VNPAY's gateway, version 2.1.0. The last three digits of a sum in đồng say what
//! happens when the payer presses the button: see [`Magic`].

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use anyhow::Context;
use axum::{
    Json, Router,
    extract::{RawQuery, State},
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
    routing::{get, post},
};
use chrono::TimeDelta;
use motcua_context::{Clock, SystemClock, Timestamp};
use motcua_paywire::{Asked, Notice, Secrets, Sent, Terminal, Unclear};
use motcua_vn::Vnd;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use url::Url;

use super::{
    Magic,
    page::{escaped, page_of},
    telling::{SILENCE, tell},
};

/// Whose gateway it plays.
#[derive(Debug, Clone)]
pub struct Merchant {
    /// `vnp_TmnCode` and the shared secret.
    pub terminal: Terminal,
    /// Where the merchant is told by itself what became of a payment.
    pub ipn: Url,
}

#[derive(Clone)]
struct Gateway(Arc<Inner>);

struct Inner {
    merchant: Merchant,
    clock: Arc<dyn Clock>,
    books: Mutex<Books>,
}

/// As long after a wish to give money back of a payment, another one is taken for the same.
const REPEATED: TimeDelta = TimeDelta::minutes(5);

/// What it knows: payments by their references, and what was given back of each.
#[derive(Default)]
struct Books {
    payments: HashMap<String, Notice>,
    refunds: HashMap<String, Vec<Refund>>,
}

/// A part of a payment, or all of it, that it was asked to give back.
struct Refund {
    request_id: String,
    amount: Vnd,
    at: Timestamp,
}

impl Books {
    /// Takes a wish to give money back: with the code of the answer, and what it is about.
    fn give_back(&mut self, asked: (&str, Vnd, &str), now: Timestamp) -> Notice {
        let (reference, amount, request_id) = asked;
        let refused = |response: &str| Notice {
            reference: reference.to_owned(),
            amount,
            response: response.to_owned(),
            ..nothing()
        };
        let Some(paid) = self.payments.get(reference).cloned() else { return refused("91") };
        let done = self.refunds.entry(reference.to_owned()).or_default();
        let given: i64 = done.iter().map(|one| one.amount.dong()).sum();
        if done.iter().any(|one| one.request_id == request_id || now - one.at < REPEATED) {
            return refused("94");
        }
        if paid.status != "00" || given + amount.dong() > paid.amount.dong() {
            return refused("95");
        }
        done.push(Refund { request_id: request_id.to_owned(), amount, at: now });
        // It is at it; whoever asks hears that it has gone.
        Notice { status: "05".to_owned(), ..self.returned(reference, paid) }
    }

    /// What is told of a payment once something of it was given back: of that, and not of it.
    fn returned(&self, reference: &str, paid: Notice) -> Notice {
        let Some(last) = self.refunds.get(reference).and_then(|done| done.last()) else {
            return paid;
        };
        let kind = if last.amount == paid.amount { "02" } else { "03" };
        Notice { kind: kind.to_owned(), amount: last.amount, response: "00".to_owned(), ..paid }
    }
}

/// Answers payers and the merchant until the process ends.
///
/// # Errors
/// The listener breaks.
pub async fn serve(listener: TcpListener, merchant: Merchant) -> anyhow::Result<()> {
    let clock = Arc::new(SystemClock);
    let gateway = Gateway(Arc::new(Inner { merchant, clock, books: Mutex::default() }));
    let router = Router::new()
        .route("/paymentv2/vpcpay.html", get(page))
        .route("/paymentv2/pay", post(pay))
        .route("/paymentv2/cancel", post(cancel))
        .route("/merchant_webapi/api/transaction", post(asked))
        .with_state(gateway);
    axum::serve(listener, router).await.context("the sandbox no longer listens")
}

impl Gateway {
    fn books(&self) -> MutexGuard<'_, Books> {
        self.0.books.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn sent(&self, query: Option<&str>) -> Result<Sent, Unclear> {
        self.0.merchant.terminal.sent(query.unwrap_or_default())
    }

    /// The payer pressed a button: what he brings back, and what the merchant is told.
    fn decide(&self, sent: &Sent, response: &str) -> String {
        let now = self.0.clock.now();
        let magic = Magic::of(sent.amount.dong());
        let late = sent.expires.is_some_and(|expires| now > expires);
        let response = match (response, magic) {
            ("00", _) if late => "11",
            ("00", Magic::Declined) => "51",
            (response, _) => response,
        };
        let paid = response == "00";
        let notice = {
            let mut books = self.books();
            let number = 14_000_000 + books.payments.len();
            let notice = books.payments.entry(sent.reference.clone()).or_insert_with(|| Notice {
                reference: sent.reference.clone(),
                amount: sent.amount,
                response: response.to_owned(),
                status: if paid { "00" } else { "02" }.to_owned(),
                kind: String::new(),
                transaction: number.to_string(),
                bank: "NCB".to_owned(),
                paid: paid.then_some(now),
            });
            notice.clone()
        };
        let query = self.0.merchant.terminal.told(&notice);
        self.tell(&notice, magic);
        query
    }

    /// Tells the merchant by itself, as the sum says.
    fn tell(&self, notice: &Notice, magic: Magic) {
        let merchant = &self.0.merchant;
        let query = match magic {
            Magic::WrongSignature => {
                let secrets = Secrets::new("another secret", []);
                Terminal { secrets, ..merchant.terminal.clone() }.told(notice)
            }
            _ => merchant.terminal.told(notice),
        };
        let mut address = merchant.ipn.clone();
        address.set_query(Some(&query));
        tell(magic, "RspCode", move |client| client.get(address.as_str()));
    }

    fn answer(&self, asked: &Asked) -> Value {
        let terminal = &self.0.merchant.terminal;
        let mut books = self.books();
        match asked {
            Asked::Standing { reference } => {
                let known = books.payments.get(reference).cloned();
                let notice = known.map_or_else(
                    || Notice {
                        reference: reference.clone(),
                        response: "91".to_owned(),
                        ..nothing()
                    },
                    // The question is answered, whatever became of the payment.
                    |paid| Notice { response: "00".to_owned(), ..books.returned(reference, paid) },
                );
                terminal.answered(reference, false, &notice)
            }
            Asked::Back { reference, amount, request_id } => {
                let now = self.0.clock.now();
                let notice = books.give_back((reference, *amount, request_id), now);
                terminal.answered(request_id, true, &notice)
            }
        }
    }
}

fn nothing() -> Notice {
    Notice {
        reference: String::new(),
        amount: Vnd::ZERO,
        response: String::new(),
        status: String::new(),
        kind: String::new(),
        transaction: String::new(),
        bank: String::new(),
        paid: None,
    }
}

async fn page(State(gateway): State<Gateway>, RawQuery(query): RawQuery) -> Response {
    let sent = match gateway.sent(query.as_deref()) {
        Ok(sent) => sent,
        Err(unclear) => return refused(unclear),
    };
    let query = escaped(&query.unwrap_or_default());
    Html(page_of(
        "VNPAY",
        &format!(
            "<p>Số tiền: <b>{}</b></p><p>Nội dung: {}</p>\
         <form method=\"post\" action=\"pay?{query}\"><button autofocus>Thanh toán</button></form>\
         <form method=\"post\" action=\"cancel?{query}\"><button>Hủy</button></form>",
            sent.amount,
            escaped(&sent.info),
        ),
    ))
    .into_response()
}

async fn pay(State(gateway): State<Gateway>, RawQuery(query): RawQuery) -> Response {
    pressed(&gateway, query.as_deref(), "00")
}

async fn cancel(State(gateway): State<Gateway>, RawQuery(query): RawQuery) -> Response {
    pressed(&gateway, query.as_deref(), "24")
}

fn pressed(gateway: &Gateway, query: Option<&str>, response: &str) -> Response {
    let sent = match gateway.sent(query) {
        Ok(sent) => sent,
        Err(unclear) => return refused(unclear),
    };
    let back = gateway.decide(&sent, response);
    Redirect::to(&format!("{}?{back}", sent.return_url)).into_response()
}

async fn asked(State(gateway): State<Gateway>, Json(body): Json<Value>) -> Response {
    let Ok(asked) = gateway.0.merchant.terminal.asked(&body) else {
        return Json(json!({ "vnp_ResponseCode": "97", "vnp_Message": "Checksum failed" }))
            .into_response();
    };
    let (Asked::Standing { reference } | Asked::Back { reference, .. }) = &asked;
    let silent = gateway
        .books()
        .payments
        .get(reference)
        .is_some_and(|notice| Magic::of(notice.amount.dong()) == Magic::Silent);
    if silent {
        tokio::time::sleep(SILENCE).await;
    }
    Json(gateway.answer(&asked)).into_response()
}

fn refused(unclear: Unclear) -> Response {
    let why = match unclear {
        Unclear::Signature => "Chữ ký không hợp lệ.",
        Unclear::Terminal => "Không có đơn vị này.",
        Unclear::Amount => "Số tiền không hợp lệ.",
    };
    (StatusCode::BAD_REQUEST, Html(page_of("VNPAY", &format!("<p>{why}</p>")))).into_response()
}
