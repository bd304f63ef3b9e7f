//! The tables.
#![expect(unreachable_pub, reason = "the entity derive wants public models")]

pub(super) mod assessment;
pub(super) mod books_finding;
pub(super) mod discrepancy;
pub(super) mod fee_order;
pub(super) mod fee_policy;
pub(super) mod payment;
pub(super) mod posting;
pub(super) mod receipt;
pub(super) mod refund;
pub(super) mod statement;
pub(super) mod statement_entry;
pub(super) mod till;
