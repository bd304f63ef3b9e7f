//! Payment gateways: each an adapter that speaks the gateway's own protocol.

mod ipn;
mod national;
mod vnpay;

use std::{net::IpAddr, sync::Arc};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use motcua_fault::Fault;
use motcua_paywire::{IpnAnswer, Unclear};
use motcua_vn::Vnd;
use serde_json::Value;

pub(crate) use ipn::routes;

use self::{national::National, vnpay::Vnpay};
use crate::{
    config::PaymentConfig,
    domain::{Attempt, Bill, Via},
};

/// The gateways of this deployment.
#[derive(Clone, Default)]
pub(crate) struct Gateways {
    all: Vec<(Via, Arc<dyn Gateway>)>,
    offered: Option<Via>,
}

impl Gateways {
    /// Those that are set up.
    pub(crate) fn new(config: &PaymentConfig) -> anyhow::Result<Self> {
        let mut all: Vec<(Via, Arc<dyn Gateway>)> = Vec::new();
        if let Some(vnpay) = &config.vnpay {
            all.push((Via::Vnpay, Arc::new(Vnpay::new(vnpay.clone())?)));
        }
        if let Some(national) = &config.national {
            all.push((Via::National, Arc::new(National::new(national.clone())?)));
        }
        let only = if let [(via, _)] = &all[..] { Some(*via) } else { None };
        Ok(Self { all, offered: config.gateway.or(only) })
    }

    /// The one to which payers are sent.
    pub(crate) const fn offered(&self) -> Option<Via> {
        self.offered
    }

    /// One of them.
    pub(crate) fn get(&self, via: Via) -> Option<&Arc<dyn Gateway>> {
        self.all.iter().find(|(one, _)| *one == via).map(|(_, gateway)| gateway)
    }

    /// The one of an attempt.
    pub(crate) fn of(&self, attempt: &Attempt) -> Option<&Arc<dyn Gateway>> {
        attempt.via.and_then(|via| self.get(via))
    }

    /// All of them.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (Via, &Arc<dyn Gateway>)> {
        self.all.iter().map(|(via, gateway)| (*via, gateway))
    }
}

/// What a gateway says of an attempt, with a signature that holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Word {
    /// Which attempt.
    pub(crate) reference: String,
    /// How much.
    pub(crate) amount: Vnd,
    /// What became of it.
    pub(crate) standing: Standing,
}

/// What became of an attempt, as the gateway sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Standing {
    /// The money was moved.
    Paid {
        /// The gateway's own number.
        transaction: String,
        /// When, as the gateway says.
        at: Option<DateTime<Utc>>,
    },
    /// It was not, and will not be.
    Declined {
        /// Why, for the payer.
        why: &'static str,
    },
    /// It was, and all of it or a part was given back, or is about to be: that is what the gateway
    /// tells then, and not of the payment any more.
    Returned,
    /// The gateway does not know yet.
    Open,
}

/// What a gateway says of money that it is to give back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Returned {
    /// It has gone.
    Gone,
    /// The gateway is at it.
    Underway,
    /// It was asked to give something of this payment back before, and says nothing of this.
    Busy,
    /// It does not give it back, by its own code.
    Refused {
        /// The gateway's.
        code: String,
    },
}

/// An attempt as a gateway is told of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Told<'a> {
    /// By which the gateway knows it.
    pub(crate) reference: &'a str,
    /// How much.
    pub(crate) amount: Vnd,
    /// What for.
    pub(crate) info: &'a str,
    /// When it was begun.
    pub(crate) begun: DateTime<Utc>,
    /// When it is taken no more.
    pub(crate) expires: DateTime<Utc>,
}

/// Money to be given back.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Back<'a> {
    /// The same for the same refund, however often it is tried.
    pub(crate) request_id: &'a str,
    /// How much.
    pub(crate) amount: Vnd,
    /// The gateway's own number of the payment.
    pub(crate) transaction: &'a str,
    /// Who approved it, without a name.
    pub(crate) by: &'a str,
}

/// A gateway. The signature is the adapter's affair: what it cannot vouch for says nothing.
#[async_trait]
pub(crate) trait Gateway: Send + Sync {
    /// Whether it writes receipts of its own, and has to know for what and for whom.
    fn wants_bill(&self) -> bool {
        false
    }

    /// Where the payer is sent.
    async fn redirect(
        &self,
        told: Told<'_>,
        bill: &Bill,
        payer: IpAddr,
        english: bool,
    ) -> Result<String, Fault>;

    /// The receipt that it wrote for an attempt, as PDF; none where it writes none, or has not yet.
    async fn receipt(&self, _told: Told<'_>) -> Result<Option<Vec<u8>>, Fault> {
        Ok(None)
    }

    /// What the gateway says by itself, or the payer brings back, as it came.
    fn notice(&self, said: &str) -> Result<Word, Unclear>;

    /// What it is answered when it has said something by itself.
    fn answer(&self, said: &str, taken: IpnAnswer) -> Value;

    /// Asks what became of an attempt.
    async fn ask(&self, told: Told<'_>, request_id: &str, at: DateTime<Utc>)
    -> Result<Word, Fault>;

    /// Whether it can give money back; if not, somebody has to pay it out.
    fn gives_back(&self) -> bool {
        true
    }

    /// Has it give money back. What was given back before is not given back again.
    async fn give_back(
        &self,
        told: Told<'_>,
        back: Back<'_>,
        at: DateTime<Utc>,
    ) -> Result<Returned, Fault>;

    /// Asks what became of money that it is to give back; none: it says nothing of such a sum.
    async fn given_back(
        &self,
        told: Told<'_>,
        back: Back<'_>,
        request_id: &str,
        at: DateTime<Utc>,
    ) -> Result<Option<Returned>, Fault>;
}
