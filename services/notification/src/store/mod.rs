//! Rows and back. Reading takes any connection, writing an open [`Tx`] alone.
//!
//! [`Tx`]: motcua_store::Tx

pub(crate) mod consistency;
mod costs;
mod entity;
mod gone;
mod messages;
mod migrations;
mod passes;
mod preferred;
mod receipts;
mod reminders;
mod rows;
mod statuses;
mod switches;
mod webhooks;

pub(crate) use costs::{CostFilter, CostSlot, Costs, Sum};
pub(crate) use messages::{Messages, SpoolFilter};
pub(crate) use migrations::all as migrations;
pub(crate) use passes::Passes;
pub(crate) use preferred::Preferred;
pub(crate) use receipts::{Receipts, Waiting};
pub(crate) use reminders::Reminders;
pub(crate) use statuses::{StatusPage, Statuses};
pub use switches::Switch;
pub(crate) use switches::Switches;
pub(crate) use webhooks::Webhooks;

/// What is sealed.
pub(crate) fn sealed() -> Vec<motcua_keys::SealedColumn> {
    vec![rows::sealed_column(), passes::sealed_pass(), webhooks::sealed_hook()]
}
