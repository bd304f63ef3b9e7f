//! VNPAY's payment gateway, version 2.1.0.

mod gateway;

use std::{collections::BTreeMap, net::IpAddr};

pub use gateway::{Asked, Sent};
use motcua_vn::{Timestamp, Vnd, text::plain_ascii};
use serde_json::{Map, Value};
use url::form_urlencoded;

use crate::{
    Secrets,
    secrets::{hmac_sha512, is_hmac_sha512},
    time,
};

const VERSION: &str = "2.1.0";
const SIGNATURE: &str = "vnp_SecureHash";
/// The longest description of a payment, in characters.
const INFO: usize = 255;

/// The fields of a message, by name. Empty ones are left out, as they are not signed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fields(BTreeMap<String, String>);

impl Fields {
    /// The fields of a query (what follows the `?`). What does not begin with `vnp_` was
    /// added on the way and counts for nothing.
    pub fn parse(query: &str) -> Self {
        let mut fields = Self::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            if name.starts_with("vnp_") {
                fields.set(&name, value);
            }
        }
        fields
    }

    /// Puts a value into a field.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        let value = value.into();
        if !value.is_empty() {
            self.0.insert(name.to_owned(), value);
        }
    }

    /// The value of a field; empty where there is none.
    pub fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    /// The query, with its signature at the end.
    pub fn signed(&self, secrets: &Secrets) -> String {
        let data = self.data();
        let signature = secrets.sign(|secret| hmac_sha512(secret, &data));
        format!("{data}&{SIGNATURE}={signature}")
    }

    /// Whether the signature among the fields is that of the others.
    pub fn is_signed(&self, secrets: &Secrets) -> bool {
        let data = self.data();
        secrets.any(|secret| is_hmac_sha512(secret, &data, self.get(SIGNATURE)))
    }

    /// What is signed: the other fields by name, encoded as a form's.
    fn data(&self) -> String {
        let signed = self.0.iter().filter(|(name, _)| !name.starts_with(SIGNATURE));
        form_urlencoded::Serializer::new(String::new()).extend_pairs(signed).finish()
    }
}

/// A merchant at the gateway: its code there (`vnp_TmnCode`), and what is shared with it.
#[derive(Debug, Clone)]
pub struct Terminal {
    /// Eight letters and digits.
    pub code: String,
    /// The gateway's secret for this merchant.
    pub secrets: Secrets,
}

/// What is to be paid, and how the payer comes back.
#[derive(Debug, Clone)]
pub struct Payment<'a> {
    /// One for each attempt, never used twice on a day.
    pub reference: &'a str,
    /// What is to be paid.
    pub amount: Vnd,
    /// What for; sent without marks.
    pub info: &'a str,
    /// When the attempt was begun.
    pub created: Timestamp,
    /// When the gateway takes it no more.
    pub expires: Timestamp,
    /// Where the payer is.
    pub payer: IpAddr,
    /// Where the payer is sent back to.
    pub return_url: &'a str,
    /// Whether the gateway's pages are in English.
    pub english: bool,
}

/// What the gateway says of a payment, when the payer comes back and by itself (IPN).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Which attempt.
    pub reference: String,
    /// How much.
    pub amount: Vnd,
    /// `00` where it was paid; the others by [`declined`].
    pub response: String,
    /// `00` where the money was moved.
    pub status: String,
    /// Of what the status is: `01` the payment, `02` all of it given back, `03` a part of it. Only in
    /// answers.
    pub kind: String,
    /// The gateway's own number.
    pub transaction: String,
    /// The bank's code.
    pub bank: String,
    /// When it was paid.
    pub paid: Option<Timestamp>,
}

/// A message that says nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unclear {
    /// Its signature does not hold: it may be anybody's, and changes nothing.
    #[error("the signature does not hold")]
    Signature,
    /// It is for another merchant.
    #[error("it is another merchant's")]
    Terminal,
    /// Its amount is no amount of đồng.
    #[error("the amount cannot be read")]
    Amount,
}

/// What the gateway is told about an IPN; it repeats an IPN upon [`IpnAnswer::Unknown`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IpnAnswer {
    /// It was taken over now.
    Confirmed,
    /// There is no such attempt.
    OrderNotFound,
    /// It was taken over before.
    AlreadyConfirmed,
    /// The attempt is for another amount.
    InvalidAmount,
    /// The signature does not hold.
    FailChecksum,
    /// Our own failure.
    Unknown,
}

impl IpnAnswer {
    /// The body of the answer.
    pub fn to_json(self) -> Value {
        let (code, message) = match self {
            Self::Confirmed => ("00", "Confirm Success"),
            Self::OrderNotFound => ("01", "Order not found"),
            Self::AlreadyConfirmed => ("02", "Order already confirmed"),
            Self::InvalidAmount => ("04", "Invalid amount"),
            Self::FailChecksum => ("97", "Fail checksum"),
            Self::Unknown => ("99", "Unknown error"),
        };
        serde_json::json!({ "RspCode": code, "Message": message })
    }
}

impl Notice {
    /// Whether the money was moved: nothing else is a payment.
    pub fn is_paid(&self) -> bool {
        self.response == "00" && self.status == "00"
    }

    /// Whether it is about money given back, and not about the payment.
    pub fn is_refund(&self) -> bool {
        matches!(self.kind.as_str(), "02" | "03")
    }

    /// Whether the payer was debited while the gateway still looks into it.
    pub fn is_suspicious(&self) -> bool {
        self.response == "07"
    }
}

/// Why a payment was not made, for the payer, by the gateway's code.
pub fn declined(response: &str) -> &'static str {
    match response {
        "09" => "Thẻ hoặc tài khoản chưa đăng ký Internet Banking.",
        "10" => "Thông tin thẻ hoặc tài khoản được xác thực sai quá ba lần.",
        "11" => "Đã hết thời hạn thanh toán, vui lòng thanh toán lại.",
        "12" => "Thẻ hoặc tài khoản đang bị khóa.",
        "13" => "Mã OTP chưa đúng, vui lòng thanh toán lại.",
        "24" => "Giao dịch đã được hủy.",
        "51" => "Tài khoản không đủ số dư.",
        "65" => "Tài khoản đã vượt hạn mức giao dịch trong ngày.",
        "75" => "Ngân hàng đang bảo trì, vui lòng thử lại sau.",
        "79" => "Mật khẩu thanh toán sai quá số lần quy định.",
        _ => "Giao dịch không thành công, vui lòng thử lại.",
    }
}

impl Terminal {
    /// Where the payer is sent: the page of the gateway at `gateway`.
    pub fn payment_url(&self, gateway: &str, payment: &Payment<'_>) -> String {
        let mut fields = Fields::default();
        fields.set("vnp_Version", VERSION);
        fields.set("vnp_Command", "pay");
        fields.set("vnp_TmnCode", &self.code);
        fields.set("vnp_Amount", hundredfold(payment.amount));
        fields.set("vnp_CurrCode", "VND");
        fields.set("vnp_TxnRef", payment.reference);
        fields.set("vnp_OrderInfo", info(payment.info));
        fields.set("vnp_OrderType", "other");
        fields.set("vnp_Locale", if payment.english { "en" } else { "vn" });
        fields.set("vnp_ReturnUrl", payment.return_url);
        fields.set("vnp_IpAddr", payment.payer.to_string());
        fields.set("vnp_CreateDate", time::text(payment.created));
        fields.set("vnp_ExpireDate", time::text(payment.expires));
        format!("{gateway}?{}", fields.signed(&self.secrets))
    }

    /// What came back with the payer, or by IPN: the query of either.
    ///
    /// # Errors
    /// It says nothing. The attempt stays as it is, whatever the query claims.
    pub fn notice(&self, query: &str) -> Result<Notice, Unclear> {
        let fields = Fields::parse(query);
        if !fields.is_signed(&self.secrets) {
            return Err(Unclear::Signature);
        }
        if fields.get("vnp_TmnCode") != self.code {
            return Err(Unclear::Terminal);
        }
        notice(|name| fields.get(name).to_owned())
    }

    /// The body of a question what became of a payment (`querydr`), to be sent by POST.
    pub fn query(&self, query: &Query<'_>) -> Value {
        self.body([
            ("vnp_RequestId", query.request_id.to_owned()),
            ("vnp_Version", VERSION.to_owned()),
            ("vnp_Command", "querydr".to_owned()),
            ("vnp_TmnCode", self.code.clone()),
            ("vnp_TxnRef", query.reference.to_owned()),
            ("vnp_TransactionDate", time::text(query.begun)),
            ("vnp_CreateDate", time::text(query.created)),
            ("vnp_IpAddr", query.server.to_string()),
            ("vnp_OrderInfo", info(query.info)),
        ])
    }

    /// The body of a wish to give money back (`refund`), to be sent by POST.
    pub fn refund(&self, refund: &Refund<'_>) -> Value {
        self.body([
            ("vnp_RequestId", refund.request_id.to_owned()),
            ("vnp_Version", VERSION.to_owned()),
            ("vnp_Command", "refund".to_owned()),
            ("vnp_TmnCode", self.code.clone()),
            ("vnp_TransactionType", if refund.whole { "02" } else { "03" }.to_owned()),
            ("vnp_TxnRef", refund.reference.to_owned()),
            ("vnp_Amount", hundredfold(refund.amount)),
            ("vnp_TransactionNo", refund.transaction.to_owned()),
            ("vnp_TransactionDate", time::text(refund.begun)),
            ("vnp_CreateBy", plain_ascii(refund.by)),
            ("vnp_CreateDate", time::text(refund.created)),
            ("vnp_IpAddr", refund.server.to_string()),
            ("vnp_OrderInfo", info(refund.info)),
        ])
    }

    /// What the gateway answers to [`Terminal::query`].
    ///
    /// # Errors
    /// It says nothing.
    pub fn query_answer(&self, body: &Value) -> Result<Notice, Unclear> {
        self.answer(body, &ANSWER)
    }

    /// What the gateway answers to [`Terminal::refund`].
    ///
    /// # Errors
    /// It says nothing: whether money was given back is asked by [`Terminal::query`].
    pub fn refund_answer(&self, body: &Value) -> Result<Notice, Unclear> {
        self.answer(body, &ANSWER[..REFUND_ANSWER])
    }

    fn answer(&self, body: &Value, signed: &[&str]) -> Result<Notice, Unclear> {
        let data = joined(body, signed);
        let signature = text(body, SIGNATURE);
        if !self.secrets.any(|secret| is_hmac_sha512(secret, &data, &signature)) {
            return Err(Unclear::Signature);
        }
        if text(body, "vnp_TmnCode") != self.code {
            return Err(Unclear::Terminal);
        }
        notice(|name| text(body, name))
    }

    /// Fields in the order in which they are signed, and their signature.
    fn body<const N: usize>(&self, fields: [(&str, String); N]) -> Value {
        let data = fields.each_ref().map(|(_, value)| value.as_str()).join("|");
        let signature = self.secrets.sign(|secret| hmac_sha512(secret, &data));
        let all = fields.into_iter().chain([(SIGNATURE, signature)]);
        all.map(|(name, value)| (name.to_owned(), value.into())).collect::<Map<_, _>>().into()
    }
}

/// A question what became of a payment.
#[derive(Debug, Clone)]
pub struct Query<'a> {
    /// Never used twice on a day.
    pub request_id: &'a str,
    /// The attempt.
    pub reference: &'a str,
    /// When the attempt was begun.
    pub begun: Timestamp,
    /// Why it is asked; sent without marks.
    pub info: &'a str,
    /// When it is asked.
    pub created: Timestamp,
    /// Who asks: our own address.
    pub server: IpAddr,
}

/// A wish to give money back.
#[derive(Debug, Clone)]
pub struct Refund<'a> {
    /// Never used twice on a day.
    pub request_id: &'a str,
    /// The attempt.
    pub reference: &'a str,
    /// The gateway's own number of it; may be empty.
    pub transaction: &'a str,
    /// When the attempt was begun.
    pub begun: Timestamp,
    /// How much.
    pub amount: Vnd,
    /// Whether that is all of it.
    pub whole: bool,
    /// Who approved it.
    pub by: &'a str,
    /// Why; sent without marks.
    pub info: &'a str,
    /// When it is asked for.
    pub created: Timestamp,
    /// Who asks: our own address.
    pub server: IpAddr,
}

/// What is signed of the answer to a question, in this order.
const ANSWER: [&str; 15] = [
    "vnp_ResponseId",
    "vnp_Command",
    "vnp_ResponseCode",
    "vnp_Message",
    "vnp_TmnCode",
    "vnp_TxnRef",
    "vnp_Amount",
    "vnp_BankCode",
    "vnp_PayDate",
    "vnp_TransactionNo",
    "vnp_TransactionType",
    "vnp_TransactionStatus",
    "vnp_OrderInfo",
    "vnp_PromotionCode",
    "vnp_PromotionAmount",
];
/// Of the answer to a refund it is what stands before the promotion.
const REFUND_ANSWER: usize = 13;

/// The fields of a body, between upright strokes; one that is not there is empty.
fn joined(body: &Value, names: &[&str]) -> String {
    names.iter().map(|name| text(body, name)).collect::<Vec<_>>().join("|")
}

/// A field as text, whether it came as a text or as a number.
fn text(body: &Value, name: &str) -> String {
    match body.get(name) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    }
}

fn notice(get: impl Fn(&str) -> String) -> Result<Notice, Unclear> {
    let (amount, response) = (get("vnp_Amount"), get("vnp_ResponseCode"));
    // What the gateway does not know, or refuses, need not have a sum.
    let none = amount.is_empty() && response != "00";
    let amount = if none { Some(0) } else { amount.parse::<i64>().ok() };
    let amount = amount.filter(|amount| *amount >= 0 && amount % 100 == 0);
    Ok(Notice {
        reference: get("vnp_TxnRef"),
        amount: Vnd::new(amount.ok_or(Unclear::Amount)? / 100),
        response,
        status: get("vnp_TransactionStatus"),
        kind: get("vnp_TransactionType"),
        transaction: get("vnp_TransactionNo"),
        bank: get("vnp_BankCode"),
        paid: time::read(&get("vnp_PayDate")),
    })
}

/// The gateway counts in hundredths of a đồng.
fn hundredfold(amount: Vnd) -> String {
    (i128::from(amount.dong()) * 100).to_string()
}

fn info(text: &str) -> String {
    plain_ascii(text).chars().take(INFO).collect()
}
