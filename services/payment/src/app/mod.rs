//! What can be done, one use case per file.

mod ask_gateway;
mod assess_fees;
mod authority;
mod balances;
mod begin_payment;
mod charges;
mod check_books;
mod check_parity;
mod close_till;
mod closings;
mod collect_payment;
mod discrepancies;
mod end_order;
mod estimate_fees;
mod hear_notice;
mod import_statement;
mod keep;
mod lapse;
mod look_up_return;
mod match_entries;
mod note_bill;
mod open_order;
mod policies;
mod print_receipt;
mod read;
mod refund;
mod replace_receipt;
mod send_refund;

use std::sync::Arc;

use motcua_store::Store;

pub(crate) use assess_fees::AssessFees;
pub(crate) use begin_payment::{Begin, Begun};
pub(crate) use charges::Filed;
pub(crate) use check_books::check_books;
pub(crate) use collect_payment::Collect;
pub(crate) use discrepancies::Resolve;
pub(crate) use import_statement::Import;
pub(crate) use open_order::{Accepted, Channel};
pub(crate) use policies::EndPolicy;
pub(crate) use print_receipt::Printed;
pub(crate) use refund::{Decide, RequestRefund};
pub(crate) use replace_receipt::ReplaceReceipt;

pub(crate) use crate::store::{Closed, Counts, Placed, Reckoned, Slot, Sum, TillClosing};
use crate::{
    config::PaymentConfig,
    gateways::Gateways,
    grpc::{Catalog, Intake},
    store::{Discrepancies, Orders, Policies, Statements, Tills},
};

/// The timers, by their names.
pub(crate) mod timer {
    /// The time to pay is over; its subject is the order.
    pub(crate) const LAPSE: &str = "payment-lapse";
    /// The gateway is asked what became of an attempt, or a transfer is waited for no more; its
    /// subject is the attempt.
    pub(crate) const ASK: &str = "payment-ask";
    /// The gateway is asked whether it sees an attempt that is over as we do; its subject is the
    /// attempt.
    pub(crate) const PARITY: &str = "payment-parity";
    /// What a statement brought is looked at; its subject is the statement.
    pub(crate) const STATEMENT: &str = "payment-statement";
    /// What a receipt says is kept; its subject is the receipt.
    pub(crate) const BILL: &str = "payment-bill";
    /// The gateway is to give money back; its subject is the refund.
    pub(crate) const REFUND: &str = "payment-refund";
}

/// The use cases and what they work with.
#[derive(Clone)]
pub(crate) struct App {
    pub(crate) store: Store,
    pub(crate) orders: Orders,
    pub(crate) policies: Policies,
    pub(crate) tills: Tills,
    pub(crate) statements: Statements,
    pub(crate) discrepancies: Discrepancies,
    pub(crate) catalog: Catalog,
    pub(crate) intake: Intake,
    pub(crate) gateways: Gateways,
    pub(crate) config: Arc<PaymentConfig>,
    pub(crate) clock: Arc<dyn motcua_context::Clock>,
}
