use std::{process::ExitCode, time::Duration};

use anyhow::{Context, ensure};
use clap::ValueEnum;
use motcua_spine::Spine;
use tokio::time::timeout;

use super::say;
use crate::{cli::SettingsArgs, health, settings};

/// How long an answer may take: what a process needs may keep it waiting as long as that.
const PATIENCE: Duration = Duration::from_secs(5);

/// What is asked.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Question {
    /// Whether it runs.
    Live,
    /// Whether it has started.
    Startup,
    /// Whether it can do its work now.
    Ready,
}

/// Asks the process that serves on `server.http`. Fails unless it says yes.
pub(crate) async fn run(args: &SettingsArgs, question: Question) -> anyhow::Result<ExitCode> {
    let http = Spine::of(&settings::load(args)?)?.server.http;
    let what = match question {
        Question::Live => "live",
        Question::Startup => "startup",
        Question::Ready => "ready",
    };
    let asked = timeout(PATIENCE, health::ask(http, what)).await;
    let answer = asked
        .with_context(|| format!("{http} does not answer within {PATIENCE:?}"))?
        .with_context(|| format!("nobody answers on {http} (server.http): is it running?"))?;
    ensure!(answer.well, "not {what}: {}", answer.text);
    say(if answer.text.is_empty() { what } else { &answer.text })?;
    Ok(ExitCode::SUCCESS)
}
