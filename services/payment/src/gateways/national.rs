use std::{net::IpAddr, time::Duration};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use motcua_fault::Fault;
use motcua_outside::{Answer, Http};
use motcua_paywire::{
    Confirmation, Fee, Initiation, IpnAnswer, Partner, Payer, ReceiptFacts, Receiver, Unclear,
};
use serde_json::Value;

use super::{Back, Gateway, Returned, Standing, Told, Word};
use crate::{
    config::NationalConfig,
    domain::{Bill, ChargeKind},
};

/// The national payment platform (nền tảng thanh toán trực tuyến), version 1.0.6.
pub(crate) struct National {
    config: NationalConfig,
    partner: Partner,
    http: Http,
}

impl National {
    pub(crate) fn new(config: NationalConfig) -> anyhow::Result<Self> {
        let patience = Duration::from_secs(config.answer_s.into());
        let http = Http::new(patience, config.ca.as_deref())?;
        Ok(Self { partner: config.partner(), http, config })
    }

    /// Posts JSON, and reads JSON. Whatever goes wrong, the platform is away.
    async fn exchange(&self, body: &Value) -> Result<Value, Fault> {
        self.send(body).await.and_then(|answer| answer.good()).map_err(|error| silent(&error))
    }

    async fn send(&self, body: &Value) -> anyhow::Result<Answer> {
        let request = self.http.post(self.config.url.as_str());
        let request = request.header("content-type", "application/json").body(body.to_string());
        Answer::to(request).await
    }

    fn word(&self, said: &Confirmation) -> Result<Word, Unclear> {
        if said.partner != self.partner.code {
            return Err(Unclear::Terminal);
        }
        if !self.partner.believes(said) {
            return Err(Unclear::Signature);
        }
        let amount = said.amount().ok_or(Unclear::Amount)?;
        let standing = if said.is_paid() {
            Standing::Paid { transaction: said.transaction.clone(), at: said.at() }
        } else {
            Standing::Declined { why: "Thanh toán không thành công." }
        };
        Ok(Word { reference: said.reference.clone(), amount, standing })
    }

    fn receipt(&self, told: &Told<'_>, bill: &Bill) -> ReceiptFacts {
        let fees = bill.lines.iter().map(|line| Fee {
            kind: match line.kind {
                ChargeKind::Charge => "1",
                ChargeKind::Fee => "2",
            }
            .to_owned(),
            code: line.code.clone(),
            name: line.name.clone(),
            amount: line.payable(),
        });
        ReceiptFacts {
            procedure: bill.procedure.clone(),
            procedure_name: bill.procedure_name.clone(),
            agency: bill.agency_code.clone(),
            agency_name: bill.agency_name.clone(),
            dossier: bill.dossier.clone(),
            fees: fees.collect(),
            receiver: Receiver {
                account: self.config.receiver.account.clone(),
                bank: self.config.receiver.bank.clone(),
                holder: self.config.receiver.holder.clone(),
            },
            purpose: told.info.to_owned(),
            payer: Payer { name: bill.payer.clone(), ..Payer::default() },
        }
    }
}

#[async_trait]
impl Gateway for National {
    fn wants_bill(&self) -> bool {
        true
    }

    async fn redirect(
        &self,
        told: Told<'_>,
        bill: &Bill,
        payer: IpAddr,
        _english: bool,
    ) -> Result<String, Fault> {
        let address = payer.to_string();
        let body = self.partner.initiate(&Initiation {
            reference: told.reference,
            amount: told.amount,
            info: told.info,
            at: told.begun,
            address: &address,
            receipt: self.receipt(&told, bill),
        });
        let answer = self.exchange(&body).await?;
        Partner::payment_url(&answer).ok_or_else(|| {
            tracing::warn!("the payment platform does not take a payment");
            away()
        })
    }

    async fn receipt(&self, told: Told<'_>) -> Result<Option<Vec<u8>>, Fault> {
        let answer = self.send(&self.partner.receipt(told.reference, told.begun)).await;
        let body = answer.and_then(Answer::whole).map_err(|error| silent(&error))?;
        // What is no PDF is the platform's word that there is none.
        Ok(body.starts_with(b"%PDF-").then_some(body))
    }

    fn notice(&self, said: &str) -> Result<Word, Unclear> {
        let said = serde_json::from_str(said).map_err(|_| Unclear::Signature)?;
        self.word(&said)
    }

    fn answer(&self, said: &str, taken: IpnAnswer) -> Value {
        // It is told again until it hears that we know: once taken over is as good as now.
        let (code, text) = match taken {
            IpnAnswer::Confirmed | IpnAnswer::AlreadyConfirmed => ("00", "Thành công"),
            IpnAnswer::OrderNotFound => ("01", "Không tìm thấy giao dịch"),
            IpnAnswer::InvalidAmount => ("04", "Số tiền không hợp lệ"),
            IpnAnswer::FailChecksum => ("97", "Mã xác thực không hợp lệ"),
            IpnAnswer::Unknown => ("99", "Lỗi hệ thống"),
        };
        self.partner.answer(&serde_json::from_str(said).unwrap_or_default(), code, text)
    }

    async fn ask(
        &self,
        told: Told<'_>,
        _request_id: &str,
        _at: DateTime<Utc>,
    ) -> Result<Word, Fault> {
        let answer = self.exchange(&self.partner.query(told.reference, told.begun)).await?;
        let said = Partner::standing(&answer);
        let word = said.and_then(|said| said.map(|said| self.word(&said)).transpose());
        let word = word.map_err(|why| {
            tracing::warn!(%why, "the payment platform's answer says nothing");
            away()
        })?;
        Ok(word.unwrap_or_else(|| Word {
            reference: told.reference.to_owned(),
            amount: told.amount,
            standing: Standing::Open,
        }))
    }

    fn gives_back(&self) -> bool {
        false
    }

    async fn give_back(
        &self,
        _: Told<'_>,
        _: Back<'_>,
        _: DateTime<Utc>,
    ) -> Result<Returned, Fault> {
        Err(Fault::internal("the payment platform has no message that gives money back"))
    }

    async fn given_back(
        &self,
        _: Told<'_>,
        _: Back<'_>,
        _: &str,
        _: DateTime<Utc>,
    ) -> Result<Option<Returned>, Fault> {
        Ok(None)
    }
}

fn silent(error: &anyhow::Error) -> Fault {
    tracing::warn!(%error, "the payment platform does not answer");
    away()
}

fn away() -> Fault {
    Fault::unavailable("payment platform")
}
