//! Rows and back. Reading takes any connection, writing an open [`Tx`] alone.
//!
//! [`Tx`]: motcua_store::Tx

mod accounts;
mod entity;
mod external;
mod identifiers;
mod migrations;
mod readings;
mod revocations;
mod rows;
mod sessions;
mod signing_keys;
mod tries;

pub(crate) use accounts::{Accounts, Filter};
pub(crate) use external::ExternalSignIns;
pub(crate) use migrations::all as migrations;
pub(crate) use readings::{ReadingEnd, ReadingFilter, Readings};
pub(crate) use revocations::{FeedPosition, Revocations};
pub(crate) use rows::sealed_columns;
pub(crate) use sessions::Sessions;
pub(crate) use signing_keys::{SealedKey, SigningKeys};
pub(crate) use tries::{Counted, SignInTries};
