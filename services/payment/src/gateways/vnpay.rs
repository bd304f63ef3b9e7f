use std::{net::IpAddr, time::Duration};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use motcua_fault::Fault;
use motcua_outside::{Answer, Http};
use motcua_paywire::{IpnAnswer, Notice, Payment, Query, Refund, Terminal, Unclear, declined};
use serde_json::Value;

use super::{Back, Gateway, Returned, Standing, Told, Word};
use crate::{config::VnpayConfig, domain::Bill};

/// To a wish to give money back (`vnp_ResponseCode`): one was sent for this payment before, and is
/// being seen to. Whether it is this one it does not say.
const REPEATED: &str = "94";
/// Likewise: it will never give it back. We are not known there, the message is wrong, there is no
/// such payment, or it was not made.
const FOR_GOOD: [&str; 4] = ["02", "03", "91", "95"];

/// VNPAY's gateway, version 2.1.0.
pub(crate) struct Vnpay {
    config: VnpayConfig,
    terminal: Terminal,
    http: Http,
}

impl Vnpay {
    pub(crate) fn new(config: VnpayConfig) -> anyhow::Result<Self> {
        let patience = Duration::from_secs(config.answer_s.into());
        let http = Http::new(patience, config.ca.as_deref())?;
        Ok(Self { terminal: config.merchant(), http, config })
    }

    async fn query(
        &self,
        told: Told<'_>,
        request_id: &str,
        at: DateTime<Utc>,
    ) -> Result<Notice, Fault> {
        let query = Query {
            request_id,
            reference: told.reference,
            begun: told.begun,
            info: told.info,
            created: at,
            server: self.config.server_address,
        };
        let answer = self.exchange(&self.terminal.query(&query)).await?;
        self.terminal.query_answer(&answer).map_err(unclear)
    }

    /// Posts JSON, and reads JSON. Whatever goes wrong, the gateway is away.
    async fn exchange(&self, body: &Value) -> Result<Value, Fault> {
        let request = self.http.post(self.config.api_url.as_str());
        let request = request.header("content-type", "application/json").body(body.to_string());
        let answer = Answer::to(request).await.and_then(|answer| answer.good());
        answer.map_err(|error| {
            tracing::warn!(%error, "the payment gateway does not answer");
            Fault::unavailable("payment gateway")
        })
    }
}

#[async_trait]
impl Gateway for Vnpay {
    async fn redirect(
        &self,
        told: Told<'_>,
        _bill: &Bill,
        payer: IpAddr,
        english: bool,
    ) -> Result<String, Fault> {
        let payment = Payment {
            reference: told.reference,
            amount: told.amount,
            info: told.info,
            created: told.begun,
            expires: told.expires,
            payer,
            return_url: self.config.return_url.as_str(),
            english,
        };
        Ok(self.terminal.payment_url(self.config.pay_url.as_str(), &payment))
    }

    fn notice(&self, said: &str) -> Result<Word, Unclear> {
        self.terminal.notice(said).map(word)
    }

    fn answer(&self, _said: &str, taken: IpnAnswer) -> Value {
        taken.to_json()
    }

    async fn ask(
        &self,
        told: Told<'_>,
        request_id: &str,
        at: DateTime<Utc>,
    ) -> Result<Word, Fault> {
        Ok(asked(self.query(told, request_id, at).await?))
    }

    async fn give_back(
        &self,
        told: Told<'_>,
        back: Back<'_>,
        at: DateTime<Utc>,
    ) -> Result<Returned, Fault> {
        let refund = Refund {
            request_id: back.request_id,
            reference: told.reference,
            transaction: back.transaction,
            begun: told.begun,
            amount: back.amount,
            whole: back.amount == told.amount,
            by: back.by,
            info: told.info,
            created: at,
            server: self.config.server_address,
        };
        let body = self.terminal.refund(&refund);
        let answer = self.exchange(&body).await?;
        let notice = self.terminal.refund_answer(&answer).map_err(unclear)?;
        let code = notice.response.as_str();
        match code {
            "00" => Ok(returned(&notice)),
            REPEATED => Ok(Returned::Busy),
            _ if FOR_GOOD.contains(&code) => Ok(Returned::Refused { code: code.to_owned() }),
            _ => {
                tracing::warn!(response = code, "the gateway does not give money back");
                Err(Fault::unavailable("payment gateway"))
            }
        }
    }

    async fn given_back(
        &self,
        told: Told<'_>,
        back: Back<'_>,
        request_id: &str,
        at: DateTime<Utc>,
    ) -> Result<Option<Returned>, Fault> {
        let notice = self.query(told, request_id, at).await?;
        if notice.response != "00" {
            tracing::warn!(response = %notice.response, "the gateway does not say what it gave back");
            return Err(Fault::unavailable("payment gateway"));
        }
        let this = notice.is_refund() && notice.amount == back.amount;
        Ok(this.then(|| returned(&notice)))
    }
}

/// What an IPN or a return says.
fn word(notice: Notice) -> Word {
    let standing = if notice.is_paid() {
        paid(&notice)
    } else if notice.is_suspicious() || notice.response == "00" {
        Standing::Open
    } else {
        Standing::Declined { why: declined(&notice.response) }
    };
    Word { reference: notice.reference, amount: notice.amount, standing }
}

/// What became of money that is given back (`vnp_TransactionStatus`): it has gone, or was refused;
/// until then it is with the gateway (05) or with the bank (06).
fn returned(notice: &Notice) -> Returned {
    match notice.status.as_str() {
        "00" => Returned::Gone,
        "02" | "09" => Returned::Refused { code: notice.status.clone() },
        _ => Returned::Underway,
    }
}

/// What the answer to a question says: there the response is whether the question was answered.
fn asked(notice: Notice) -> Word {
    let standing = match (notice.response.as_str(), notice.status.as_str()) {
        ("00", _) if notice.is_refund() => Standing::Returned,
        ("00", "00") => paid(&notice),
        // Not finished, or being looked into.
        ("00", "01" | "07" | "") => Standing::Open,
        ("00", code) => Standing::Declined { why: declined(code) },
        _ => Standing::Open,
    };
    Word { reference: notice.reference, amount: notice.amount, standing }
}

fn paid(notice: &Notice) -> Standing {
    Standing::Paid { transaction: notice.transaction.clone(), at: notice.paid }
}

fn unclear(why: Unclear) -> Fault {
    tracing::warn!(%why, "the payment gateway's answer says nothing");
    Fault::unavailable("payment gateway")
}
