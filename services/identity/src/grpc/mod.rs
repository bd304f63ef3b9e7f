//! Contracts on one side, use cases on the other.

mod account_service;
mod auth_service;
pub(crate) mod convert;
mod fields;
mod mask;
pub(crate) mod peers;

pub(crate) use account_service::AccountRpc;
pub(crate) use auth_service::AuthRpc;
