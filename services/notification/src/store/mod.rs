//! Rows and back. Reading takes any connection, writing an open [`Tx`] alone.
//!
//! [`Tx`]: motcua_store::Tx

pub(crate) mod consistency;
mod entity;
mod messages;
mod migrations;
mod preferred;
mod receipts;
mod reminders;
mod rows;
mod statuses;

pub(crate) use messages::{Messages, SpoolFilter};
pub(crate) use migrations::all as migrations;
pub(crate) use preferred::Preferred;
pub(crate) use receipts::{Receipts, Waiting};
pub(crate) use reminders::Reminders;
pub(crate) use rows::sealed_column;
pub(crate) use statuses::{StatusPage, Statuses};
