//! One command, one file.

use std::{
    fmt::Display,
    io::{self, Write},
    sync::Arc,
};

use anyhow::ensure;
use motcua_config::Settings;
use motcua_context::{Clock, SystemClock};
use motcua_service::{Host, TestControls};
use motcua_spine::{Mode, Spine};

use crate::{cli::SettingsArgs, roles, settings};

pub(crate) mod admin;
pub(crate) mod audit;
pub(crate) mod config;
pub(crate) mod doctor;
pub(crate) mod events;
pub(crate) mod files;
pub(crate) mod import;
pub(crate) mod keys;
pub(crate) mod migrate;
pub(crate) mod probe;
pub(crate) mod providers;
pub(crate) mod sandbox;
pub(crate) mod serve;
pub(crate) mod tls;

/// A process with these services.
fn host(args: &SettingsArgs, only: &[String]) -> anyhow::Result<Host> {
    host_with(settings::load(args)?, args, &roles::named(only)?)
}

/// The same, of settings that were read before.
fn host_with(
    settings: Settings,
    args: &SettingsArgs,
    roles: &[&'static str],
) -> anyhow::Result<Host> {
    let wrong = settings::refused(&settings, roles)?;
    ensure!(wrong.is_empty(), wrong.join("\n"));
    let controls = test_controls(args, &settings)?;
    let clock: Arc<dyn Clock> = match &controls {
        Some(controls) => controls.clock.clone(),
        None => Arc::new(SystemClock),
    };
    let host = Host::new(settings, roles, &roles::ALL, clock)?;
    Ok(match controls {
        Some(controls) => host.with_test_controls(controls),
        None => host,
    })
}

/// What a test asked for, where the settings allow it.
fn test_controls(args: &SettingsArgs, settings: &Settings) -> anyhow::Result<Option<TestControls>> {
    let Some(begin) = args.test_clock else { return Ok(None) };
    let mode = Spine::of(settings)?.server.mode;
    ensure!(mode == Mode::Test, "--test-clock: only where server.mode is test");
    let controls = TestControls::default();
    if let Some(at) = begin {
        controls.clock.set(at);
    }
    Ok(Some(controls))
}

/// A line of a command's answer.
///
/// # Errors
/// Standard output is closed; see [`is_unread`].
fn say(line: impl Display) -> io::Result<()> {
    writeln!(io::stdout().lock(), "{line}")
}

/// Whether a command ended because nobody reads its answer any more, as in
/// `motcua config schema | head`: that is no failure.
pub(crate) fn is_unread(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|e| e.kind() == io::ErrorKind::BrokenPipe)
}
