//! What is owed for a dossier, how it is paid, and what the books say of it.
//!
//! An [`Order`] is opened when a dossier is accepted. Its lines come from the procedure's version,
//! less what a [`Policy`] takes off; what no text says an officer assesses. Each [`Attempt`] to pay
//! covers all that is owed. Money that comes and is not owed is surplus: it is taken, booked, and
//! given back. Every movement is an [`Entry`] of transfers, each from one place of the books to
//! another, so that an unbalanced one cannot be written down.

mod assess;
mod attempt;
mod discrepancy;
mod event;
mod give_back;
mod ledger;
mod line;
mod order;
mod pay;
mod policy;
mod receipt;
mod refund;
mod refusal;
mod share;
mod statement;
#[cfg(test)]
mod tests;

pub use attempt::{Arrival, Attempt, AttemptState, Came, Method, Via};
pub use discrepancy::{Discrepancy, Kind, Outcome, Resolution};
pub use event::Event;
pub use ledger::{Account, Entry, Place, Transfer, What};
pub use line::{Assessed, Charge, ChargeKind, Line, Reduction, Share, TableRow};
pub use order::{Assessment, Facts, Order, State};
pub use policy::{Policy, Terms};
pub use receipt::{Bill, Receipt, Series};
pub use refund::{Refund, RefundState, Sent, shared};
pub use refusal::Refusal;
pub use statement::{Entry as StatementEntry, Outlook, Statement, Taken, named};
