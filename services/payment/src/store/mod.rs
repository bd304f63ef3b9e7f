//! Rows and back. Reading takes any connection, writing an open [`Tx`] alone.
//!
//! [`Tx`]: motcua_store::Tx

mod books;
pub(crate) mod consistency;
mod discrepancies;
mod entity;
mod findings;
mod follows;
mod kept;
pub(crate) mod lookouts;
mod migrations;
mod orders;
#[cfg(test)]
mod plans;
mod policies;
mod rows;
mod series;
mod statements;
mod tills;

pub(crate) use books::{Books, Slot, Sum, Which};
pub(crate) use discrepancies::Discrepancies;
pub(crate) use findings::Findings;
pub(crate) use migrations::all as migrations;
pub(crate) use orders::{Cut, Listed, Orders, Placed};
pub(crate) use policies::Policies;
pub(crate) use rows::sealed_columns;
pub(crate) use statements::{Counts, Fate, Given, Reckoned, Statements};
pub(crate) use tills::{Closed, TillClosing, Tills};
