//! The contract, translated both ways: what we serve, and what we ask of neighbours.

pub(crate) mod convert;
pub(crate) mod fields;
pub(crate) mod peers;
mod requests;
mod service;

pub(crate) use service::WorkflowRpc;
