//! What we serve, what we ask of neighbours, and the translation both ways.

mod contacts;
mod convert;
mod costs;
mod peers;
mod service;
mod webhooks;

pub(crate) use convert::{channel_message, dossier_name, topic_message};
pub(crate) use peers::{Catalog, Identity, Intake};
pub(crate) use service::Service;
