//! What the catalog answers. It asks nobody.

mod answer;
mod convert;
mod service;

pub(crate) use service::Service;
