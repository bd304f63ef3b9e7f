//! Translation both ways: what we serve, what we ask of neighbours.

mod peers;
mod read;
mod service;
mod show;
pub(crate) mod words;

pub(crate) use peers::Neighbours;
pub(crate) use service::IntakeRpc;
