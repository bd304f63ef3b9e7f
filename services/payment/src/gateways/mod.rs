//! Payment gateways: each an adapter that speaks the gateway's own protocol.

mod ipn;
mod vnpay;

use std::net::IpAddr;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use motcua_fault::Fault;
use motcua_paywire::Unclear;
use motcua_vn::Vnd;

pub(crate) use ipn::routes;
pub(crate) use vnpay::Vnpay;

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
    /// The gateway does not know yet.
    Open,
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
    /// Where the payer is sent.
    async fn redirect(&self, told: Told<'_>, payer: IpAddr, english: bool)
    -> Result<String, Fault>;

    /// What the gateway says by itself, or the payer brings back: the query of either.
    fn notice(&self, query: &str) -> Result<Word, Unclear>;

    /// Asks what became of an attempt.
    async fn ask(&self, told: Told<'_>, request_id: &str, at: DateTime<Utc>)
    -> Result<Word, Fault>;

    /// Gives money back. What was given back before is not given back again.
    async fn give_back(
        &self,
        told: Told<'_>,
        back: Back<'_>,
        at: DateTime<Utc>,
    ) -> Result<(), Fault>;
}
