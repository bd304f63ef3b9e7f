//! Rows and back. Reading takes any connection, writing an open [`Tx`] alone.
//!
//! [`Tx`]: motcua_store::Tx

mod entity;
mod messages;
mod migrations;
mod preferred;
mod rows;

pub(crate) use messages::{Messages, SpoolFilter};
pub(crate) use migrations::all as migrations;
pub(crate) use preferred::Preferred;
