//! One command, one file.

use std::sync::Arc;

use motcua_context::{Clock, SystemClock};
use motcua_service::Host;

use crate::{cli::SettingsArgs, roles, settings};

pub(crate) mod admin;
pub(crate) mod config;
pub(crate) mod doctor;
pub(crate) mod import;
pub(crate) mod keys;
pub(crate) mod migrate;
pub(crate) mod serve;

/// A process with these services, on the machine's clock.
fn host(args: &SettingsArgs, only: &[String]) -> anyhow::Result<Host> {
    host_on(args, only, Arc::new(SystemClock))
}

fn host_on(args: &SettingsArgs, only: &[String], clock: Arc<dyn Clock>) -> anyhow::Result<Host> {
    Host::new(settings::load(args)?, &roles::named(only)?, &roles::ALL, clock)
}
