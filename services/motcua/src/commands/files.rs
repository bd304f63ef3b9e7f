//! Files that are not served: what waits for the scanner, and what is in quarantine.

use std::process::ExitCode;

use anyhow::{bail, ensure};
use clap::{Args, Subcommand};
use motcua_context::{Actor, Cause, Clock, Ctx, System, SystemClock};
use motcua_ids::{FileId, Uuid};
use motcua_quarantine::{HeldFile, State};
use motcua_spine::Spine;
use motcua_store::Store;
use serde_json::json;

use super::say;
use crate::{cli::SettingsArgs, roles, settings};

/// The services that keep files.
const KEEPERS: [&str; 2] = ["intake", "workflow"];

#[derive(Debug, Subcommand)]
pub(crate) enum FilesCommand {
    /// Lists files in quarantine, a JSON object a line: why, since when, until when, of which
    /// dossier.
    List(ListArgs),
    /// Has a file examined again, as soon as the scanner answers, with the signatures it has
    /// then: found clean, it is let go and counts again. Who asked and why is kept.
    Rescan(RescanArgs),
}

/// What to list.
#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    /// Lists what waits for the scanner instead.
    #[arg(long)]
    waiting: bool,
    /// Also files whose time in quarantine is over; their bytes are gone.
    #[arg(long, conflicts_with = "waiting")]
    gone: bool,
    /// Lines of each service at the most.
    #[arg(long, default_value_t = 100)]
    limit: u64,
    /// Goes on behind this file.
    #[arg(long, value_name = "FILE", value_parser = file)]
    after: Option<FileId>,
}

/// What to examine again.
#[derive(Debug, Args)]
pub(crate) struct RescanArgs {
    /// The file, as `list` shows it.
    #[arg(value_parser = file)]
    file: FileId,
    /// Who asks for it; kept in the record of who did what.
    #[arg(long, value_name = "NAME")]
    by: String,
    /// Why; kept too, so it names no citizen.
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

/// Does what was asked.
pub(crate) async fn run(args: &SettingsArgs, command: FilesCommand) -> anyhow::Result<ExitCode> {
    let spine = Spine::of(&settings::load(args)?)?;
    let stores = roles::open(&spine, &KEEPERS).await?;
    match command {
        FilesCommand::List(asked) => list(&stores, &asked).await?,
        FilesCommand::Rescan(asked) => rescan(&stores, &asked).await?,
    }
    Ok(ExitCode::SUCCESS)
}

async fn list(stores: &[Store], asked: &ListArgs) -> anyhow::Result<()> {
    let of: &[State] = match (asked.waiting, asked.gone) {
        (true, _) => &[State::Waiting],
        (false, true) => &[State::Held, State::Gone],
        (false, false) => &[State::Held],
    };
    for store in stores {
        for held in motcua_quarantine::list(store, of, asked.after, asked.limit).await? {
            say(line(store.service(), &held))?;
        }
    }
    Ok(())
}

fn line(service: &str, held: &HeldFile) -> serde_json::Value {
    json!({
        "service": service,
        "file": held.file.name(),
        "state": held.state.as_str(),
        "problem": held.problem.map(motcua_quarantine::Unfit::as_str),
        "signature": held.said,
        "dossier": format!("dossiers/{}", held.subject),
        "since": held.since,
        "until": held.until,
        "rescan_at": held.look_at,
    })
}

async fn rescan(stores: &[Store], asked: &RescanArgs) -> anyhow::Result<()> {
    let (by, reason) = (asked.by.trim(), asked.reason.trim());
    ensure!(!by.is_empty(), "--by: write who you are");
    ensure!(!reason.is_empty(), "--reason: write why");
    let operator = System { service: false, ..System::service(by) };
    let ctx = Ctx::new(Actor::System(operator), SystemClock.now());
    let id = ctx.new_id::<FileId>().uuid();
    let ctx = ctx.with_cause(Cause::Command { id });
    for store in stores {
        if motcua_quarantine::ask_again(store, &ctx, asked.file, reason).await? {
            say(format_args!("{} is examined again by {}", asked.file.name(), store.service()))?;
            return Ok(());
        }
    }
    bail!("{}: no such file is in quarantine or waits", asked.file.name())
}

/// `files/{uuid}`, or the uuid alone.
fn file(text: &str) -> Result<FileId, String> {
    let uuid = text.strip_prefix("files/").unwrap_or(text);
    Uuid::try_parse(uuid).map(FileId::new).map_err(|_| "this is no file's id".to_owned())
}
