//! What can be done, one use case per file.

mod deliver;
mod notify;
mod preferences;
mod read;
mod render;
mod spool;
mod spool_file;
mod templates;

use std::sync::Arc;

use motcua_store::Store;

pub(crate) use notify::Heard;
pub(crate) use preferences::Change;
pub(crate) use render::Renderer;
pub(crate) use spool_file::SpoolFile;
pub(crate) use templates::Preview;

pub(crate) use crate::store::SpoolFilter;
use crate::{
    domain::{QuietHours, RetryRule},
    grpc::Intake,
    store::{Messages, Preferred},
};

/// The timer of a message that waits to be handed over.
pub(crate) const DELIVERY: &str = "message-delivery";

/// The use cases and what they work with.
#[derive(Clone)]
pub(crate) struct App {
    pub(crate) store: Store,
    pub(crate) messages: Messages,
    pub(crate) preferred: Preferred,
    pub(crate) renderer: Arc<Renderer>,
    pub(crate) intake: Intake,
    pub(crate) retry: RetryRule,
    pub(crate) quiet: Option<QuietHours>,
    pub(crate) spool_file: Option<Arc<SpoolFile>>,
}
