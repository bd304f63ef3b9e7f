//! The gateway's own end: what it reads of a merchant and says to him.

use motcua_vn::{Timestamp, Vnd};
use serde_json::{Map, Value};

use super::{ANSWER, Fields, Notice, REFUND_ANSWER, SIGNATURE, Terminal, Unclear, joined, text};
use crate::{
    secrets::{hmac_sha512, is_hmac_sha512},
    time,
};

/// What is signed of a question, and of a wish to give money back, in this order.
const QUERY: [&str; 9] = [
    "vnp_RequestId",
    "vnp_Version",
    "vnp_Command",
    "vnp_TmnCode",
    "vnp_TxnRef",
    "vnp_TransactionDate",
    "vnp_CreateDate",
    "vnp_IpAddr",
    "vnp_OrderInfo",
];
const REFUND: [&str; 13] = [
    "vnp_RequestId",
    "vnp_Version",
    "vnp_Command",
    "vnp_TmnCode",
    "vnp_TransactionType",
    "vnp_TxnRef",
    "vnp_Amount",
    "vnp_TransactionNo",
    "vnp_TransactionDate",
    "vnp_CreateBy",
    "vnp_CreateDate",
    "vnp_IpAddr",
    "vnp_OrderInfo",
];

/// A payer whom a merchant sent to the gateway.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// Which attempt.
    pub reference: String,
    /// How much.
    pub amount: Vnd,
    /// What for.
    pub info: String,
    /// Where the payer goes back to.
    pub return_url: String,
    /// When the attempt is taken no more.
    pub expires: Option<Timestamp>,
}

/// What a merchant asks by POST.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// What became of an attempt (`querydr`).
    Standing {
        /// Which one.
        reference: String,
    },
    /// To give money back (`refund`).
    Back {
        /// Of which attempt.
        reference: String,
        /// How much.
        amount: Vnd,
        /// The same for the same wish.
        request_id: String,
    },
}

impl Terminal {
    /// Reads the query with which a merchant sends a payer.
    ///
    /// # Errors
    /// It says nothing.
    pub fn sent(&self, query: &str) -> Result<Sent, Unclear> {
        let fields = Fields::parse(query);
        if !fields.is_signed(&self.secrets) {
            return Err(Unclear::Signature);
        }
        if fields.get("vnp_TmnCode") != self.code {
            return Err(Unclear::Terminal);
        }
        Ok(Sent {
            reference: fields.get("vnp_TxnRef").to_owned(),
            amount: amount(fields.get("vnp_Amount"))?,
            info: fields.get("vnp_OrderInfo").to_owned(),
            return_url: fields.get("vnp_ReturnUrl").to_owned(),
            expires: time::read(fields.get("vnp_ExpireDate")),
        })
    }

    /// The query that is told of an attempt: with the payer who goes back, and by itself (IPN).
    pub fn told(&self, notice: &Notice) -> String {
        let mut fields = Fields::default();
        fields.set("vnp_TmnCode", &self.code);
        fields.set("vnp_TxnRef", &notice.reference);
        fields.set("vnp_Amount", super::hundredfold(notice.amount));
        fields.set("vnp_ResponseCode", &notice.response);
        fields.set("vnp_TransactionStatus", &notice.status);
        fields.set("vnp_TransactionNo", &notice.transaction);
        fields.set("vnp_BankCode", &notice.bank);
        fields.set("vnp_PayDate", notice.paid.map(time::text).unwrap_or_default());
        fields.signed(&self.secrets)
    }

    /// Reads what a merchant asks.
    ///
    /// # Errors
    /// It says nothing.
    pub fn asked(&self, body: &Value) -> Result<Asked, Unclear> {
        let refund = text(body, "vnp_Command") == "refund";
        let data = if refund { joined(body, &REFUND) } else { joined(body, &QUERY) };
        let signature = text(body, SIGNATURE);
        if !self.secrets.any(|secret| is_hmac_sha512(secret, &data, &signature)) {
            return Err(Unclear::Signature);
        }
        if text(body, "vnp_TmnCode") != self.code {
            return Err(Unclear::Terminal);
        }
        let reference = text(body, "vnp_TxnRef");
        if !refund {
            return Ok(Asked::Standing { reference });
        }
        let amount = amount(&text(body, "vnp_Amount"))?;
        Ok(Asked::Back { reference, amount, request_id: text(body, "vnp_RequestId") })
    }

    /// The body of an answer; `refund`: to a wish to give money back. What says nothing else is
    /// about the payment, or about giving all of it back.
    pub fn answered(&self, id: &str, refund: bool, notice: &Notice) -> Value {
        let (command, kind) = if refund { ("refund", "02") } else { ("querydr", "01") };
        let kind = if notice.kind.is_empty() { kind } else { &notice.kind };
        let all = [
            ("vnp_ResponseId", id.to_owned()),
            ("vnp_Command", command.to_owned()),
            ("vnp_ResponseCode", notice.response.clone()),
            ("vnp_Message", "sandbox".to_owned()),
            ("vnp_TmnCode", self.code.clone()),
            ("vnp_TxnRef", notice.reference.clone()),
            ("vnp_Amount", super::hundredfold(notice.amount)),
            ("vnp_BankCode", notice.bank.clone()),
            ("vnp_PayDate", notice.paid.map(time::text).unwrap_or_default()),
            ("vnp_TransactionNo", notice.transaction.clone()),
            ("vnp_TransactionType", kind.to_owned()),
            ("vnp_TransactionStatus", notice.status.clone()),
            ("vnp_OrderInfo", String::new()),
        ];
        let fields = all.into_iter().map(|(name, value)| (name.to_owned(), value.into()));
        let mut body: Value = fields.collect::<Map<_, _>>().into();
        let signed = if refund { &ANSWER[..REFUND_ANSWER] } else { &ANSWER[..] };
        let data = joined(&body, signed);
        body[SIGNATURE] = self.secrets.sign(|secret| hmac_sha512(secret, &data)).into();
        body
    }
}

fn amount(hundredfold: &str) -> Result<Vnd, Unclear> {
    let amount = hundredfold.parse::<i64>().ok().filter(|a| *a >= 0 && a % 100 == 0);
    Ok(Vnd::new(amount.ok_or(Unclear::Amount)? / 100))
}
