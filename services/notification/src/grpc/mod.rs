//! What we serve, what we ask of neighbours, and the translation both ways.

mod convert;
mod peers;
mod service;
mod webhooks;

pub(crate) use convert::{channel_message, topic_message};
pub(crate) use peers::Intake;
pub(crate) use service::Service;
