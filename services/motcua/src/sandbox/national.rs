//! A sandbox of the national payment platform, version 1.0.6. The last three digits of a sum in
//! đồng say what happens when the payer presses the button: see [`Magic`].

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use anyhow::Context;
use axum::{
    Json, Router,
    extract::{Path, State},
    http::{StatusCode, header::CONTENT_TYPE},
    response::{Html, IntoResponse, Response},
    routing::{get, post},
};
use motcua_context::{Clock, SystemClock};
use motcua_paywire::{Ask, Confirmation, Partner, Secrets};
use motcua_vn::{Vnd, local};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use url::Url;

use super::{
    Magic,
    page::{escaped, page_of},
    telling::{SILENCE, tell},
};

/// The platform's own receipt; it says whose it is not.
const RECEIPT: &str = r#"
#let it = json(bytes(sys.inputs.data))
#set page(paper: "a6", flipped: true)
#set text(font: "Libertinus Serif", lang: "vi")
= Biên lai thử nghiệm (sandbox)
Không có giá trị pháp lý: không có tiền nào được chuyển.

Mã tham chiếu: #it.reference \
Số tiền: #it.amount (#it.words) \
Nội dung: #it.info
"#;

/// Whose platform it plays.
#[derive(Debug, Clone)]
pub struct Served {
    /// The partner's code and the shared secret.
    pub partner: Partner,
    /// Where the partner is told what became of a payment.
    pub confirm: Url,
    /// Under which address payers reach this sandbox.
    pub own: Url,
}

#[derive(Clone)]
struct Platform(Arc<Inner>);

struct Inner {
    served: Served,
    clock: Arc<dyn Clock>,
    begun: Mutex<HashMap<String, Payment>>,
}

/// What was begun, and what became of it.
struct Payment {
    amount: Vnd,
    info: String,
    said: Option<Confirmation>,
}

/// Answers payers and the partner until the process ends.
///
/// # Errors
/// The listener breaks.
pub async fn serve(listener: TcpListener, served: Served) -> anyhow::Result<()> {
    let clock = Arc::new(SystemClock);
    let platform = Platform(Arc::new(Inner { served, clock, begun: Mutex::default() }));
    let router = Router::new()
        .route("/api", post(asked))
        .route("/pay/{reference}", get(page).post(pay))
        .route("/cancel/{reference}", post(cancel))
        .with_state(platform);
    axum::serve(listener, router).await.context("the sandbox no longer listens")
}

impl Platform {
    fn begun(&self) -> MutexGuard<'_, HashMap<String, Payment>> {
        self.0.begun.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The payer pressed a button: what the partner is told. Pressed again, it stays as it was.
    fn decide(&self, reference: &str, pressed: &str) -> Option<Confirmation> {
        let mut begun = self.begun();
        let number = begun.len();
        let payment = begun.get_mut(reference)?;
        let error = match (pressed, Magic::of(payment.amount.dong())) {
            ("00", Magic::Declined) => "51",
            (pressed, _) => pressed,
        };
        let partner = &self.0.served.partner;
        let said = payment.said.get_or_insert_with(|| {
            partner.signed(Confirmation {
                kind: "CONFIRM".to_owned(),
                error: error.to_owned(),
                partner: partner.code.clone(),
                reference: reference.to_owned(),
                amount: payment.amount.dong().to_string(),
                currency: "VND".to_owned(),
                transaction: format!("GD{}", 14_000_000 + number),
                bank: "VCB".to_owned(),
                time: local::local(self.0.clock.now()).format("%Y%m%d%H%M%S").to_string(),
                info: payment.info.clone(),
                signature: String::new(),
            })
        });
        Some(said.clone())
    }

    /// The receipt of what was paid, as PDF.
    fn receipt(&self, reference: &str) -> Option<Vec<u8>> {
        let said = self.begun().get(reference)?.said.clone().filter(Confirmation::is_paid)?;
        let amount = said.amount()?;
        let data = json!({
            "reference": reference,
            "amount": amount.to_string(),
            "words": amount.in_words(),
            "info": said.info,
        });
        let at = local::local(self.0.clock.now());
        let printed = motcua_pdf::print(RECEIPT, &data, at);
        printed.inspect_err(|error| tracing::error!(%error, "no receipt")).ok()
    }

    /// Tells the partner by itself, as the sum says.
    fn tell(&self, said: Confirmation) {
        let magic = said.amount().map_or(Magic::Succeeds, |amount| Magic::of(amount.dong()));
        let said = match magic {
            Magic::WrongSignature => {
                let secrets = Secrets::new("another secret", []);
                Partner { secrets, ..self.0.served.partner.clone() }.signed(said)
            }
            _ => said,
        };
        let (address, body) = (self.0.served.confirm.clone(), json!(said).to_string());
        tell(magic, "MaLoi", move |client| {
            let request = client.post(address.as_str()).header(CONTENT_TYPE, "application/json");
            request.body(body.clone())
        });
    }
}

async fn asked(State(platform): State<Platform>, Json(body): Json<Value>) -> Response {
    let Some(asked) = platform.0.served.partner.asks(&body) else {
        return Json(json!({ "error_code": "97", "message": "Sai mã xác thực" })).into_response();
    };
    match asked {
        Ask::Begin { reference, amount, info } => {
            let url = platform.0.served.own.join(&format!("pay/{reference}"));
            let begun = Payment { amount, info, said: None };
            platform.begun().entry(reference).or_insert(begun);
            Json(Partner::begun(url.map_or(String::new(), String::from).as_str())).into_response()
        }
        Ask::Standing { reference } => {
            let known = platform.begun().get(&reference).and_then(|one| one.said.clone());
            let amount = known.as_ref().and_then(Confirmation::amount);
            if amount.is_some_and(|amount| Magic::of(amount.dong()) == Magic::Silent) {
                tokio::time::sleep(SILENCE).await;
            }
            Json(Partner::stands(known.as_ref())).into_response()
        }
        Ask::Receipt { reference } => match platform.receipt(&reference) {
            Some(pdf) => ([(CONTENT_TYPE, "application/pdf")], pdf).into_response(),
            None => {
                Json(json!({ "error_code": "1", "message": "Chưa có biên lai" })).into_response()
            }
        },
    }
}

async fn page(State(platform): State<Platform>, Path(reference): Path<String>) -> Response {
    let begun = platform.begun();
    let Some(payment) = begun.get(&reference) else { return unknown() };
    let reference = escaped(&reference);
    Html(page_of(
        "thanh toán quốc gia",
        &format!(
            "<p>Số tiền: <b>{}</b></p><p>Nội dung: {}</p>\
             <form method=\"post\"><button autofocus>Thanh toán</button></form>\
             <form method=\"post\" action=\"../cancel/{reference}\"><button>Hủy</button></form>",
            payment.amount,
            escaped(&payment.info),
        ),
    ))
    .into_response()
}

async fn pay(State(platform): State<Platform>, Path(reference): Path<String>) -> Response {
    pressed(&platform, &reference, "00")
}

async fn cancel(State(platform): State<Platform>, Path(reference): Path<String>) -> Response {
    pressed(&platform, &reference, "24")
}

fn pressed(platform: &Platform, reference: &str, button: &str) -> Response {
    let Some(said) = platform.decide(reference, button) else { return unknown() };
    let text = if said.is_paid() {
        "Thanh toán thành công. Bạn có thể đóng trang này."
    } else {
        "Thanh toán không thành công."
    };
    platform.tell(said);
    Html(page_of("thanh toán quốc gia", &format!("<p>{text}</p>"))).into_response()
}

fn unknown() -> Response {
    let page = page_of("thanh toán quốc gia", "<p>Không có giao dịch này.</p>");
    (StatusCode::NOT_FOUND, Html(page)).into_response()
}
