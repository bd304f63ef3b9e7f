//! What we serve, what we ask of neighbours, and the translation both ways.

mod peers;
mod read;
mod service;
mod show;

pub(crate) use peers::{Catalog, Intake, Listed};
pub(crate) use service::Service;
pub(crate) use show::method_message;
