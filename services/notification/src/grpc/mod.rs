//! What we serve, what we ask of neighbours, and the translation both ways.

mod contacts;
mod convert;
mod costs;
mod peers;
mod service;
mod webhooks;

pub(crate) use convert::{channel_message, topic_message};
pub(crate) use peers::{Catalog, Intake};
pub(crate) use service::Service;
