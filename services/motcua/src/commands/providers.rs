//! Who carries messages: taken out and put back on an operator's word.

use std::process::ExitCode;

use anyhow::{Context, ensure};
use clap::{Args, Subcommand};
use motcua_context::{Actor, Cause, Clock, Ctx, System, SystemClock};
use motcua_ids::EventId;
use motcua_notification::{
    Notification,
    config::{Carrier, NotificationConfig},
    switches::{Switch, turn, turned},
};
use motcua_service::Module;
use motcua_spine::Spine;
use motcua_store::Store;
use serde_json::json;

use super::say;
use crate::{cli::SettingsArgs, roles, settings};

#[derive(Debug, Subcommand)]
pub(crate) enum ProvidersCommand {
    /// Lists those of the settings, a JSON object a line: what each carries, its weight, and
    /// whether it was taken out, by whom and why.
    List,
    /// Takes one out: from its next message on, no process hands anything over to it.
    Out(TurnArgs),
    /// Puts one back.
    Back(TurnArgs),
}

/// Which to turn.
#[derive(Debug, Args)]
pub(crate) struct TurnArgs {
    /// The provider, as `list` shows it.
    provider: String,
    /// Who does it; kept in the record of who did what.
    #[arg(long, value_name = "NAME")]
    by: String,
    /// Why; kept too.
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

/// Does what was asked.
pub(crate) async fn run(
    args: &SettingsArgs,
    command: ProvidersCommand,
) -> anyhow::Result<ExitCode> {
    let settings = settings::load(args)?;
    let config: NotificationConfig = settings.section(Notification::NAME)?;
    let stores = roles::open(&Spine::of(&settings)?, &[Notification::NAME]).await?;
    let store = stores.first().context("notification has no store")?;
    match command {
        ProvidersCommand::List => list(store, &config).await?,
        ProvidersCommand::Out(asked) => switch(store, &config, asked, true).await?,
        ProvidersCommand::Back(asked) => switch(store, &config, asked, false).await?,
    }
    Ok(ExitCode::SUCCESS)
}

async fn list(store: &Store, config: &NotificationConfig) -> anyhow::Result<()> {
    let turned = turned(store).await?;
    for carrier in Carrier::ALL {
        let Some(weight) = config.weight(carrier) else { continue };
        let last = turned.iter().find(|switch| switch.provider == carrier.name());
        say(json!({
            "provider": carrier.name(),
            "channel": carrier.channel().as_str(),
            "weight": weight,
            "out": last.is_some_and(|switch| switch.out),
            "by": last.map(|switch| &switch.by),
            "reason": last.map(|switch| &switch.reason),
            "at": last.map(|switch| switch.at),
        }))?;
    }
    Ok(())
}

async fn switch(
    store: &Store,
    config: &NotificationConfig,
    asked: TurnArgs,
    out: bool,
) -> anyhow::Result<()> {
    let (by, reason) = (asked.by.trim(), asked.reason.trim());
    ensure!(!by.is_empty(), "--by: write who you are");
    ensure!(!reason.is_empty(), "--reason: write why");
    let set = |carrier: &Carrier| config.weight(*carrier).is_some();
    let mut known = Carrier::ALL.into_iter().filter(set);
    let carrier = known.find(|carrier| carrier.name() == asked.provider);
    let carrier =
        carrier.with_context(|| format!("{}: no such provider is set", asked.provider))?;
    let operator = System { service: false, ..System::service(by) };
    let now = SystemClock.now();
    let ctx = Ctx::new(Actor::System(operator), now);
    let id = ctx.new_id::<EventId>().uuid();
    let ctx = ctx.with_cause(Cause::Command { id });
    let (provider, by, reason) = (carrier.name().to_owned(), by.to_owned(), reason.to_owned());
    turn(store, &ctx, Switch { provider, out, by, reason, at: now }).await?;
    let done = if out { "is out" } else { "is back" };
    say(format_args!("{} {done}", carrier.name()))?;
    Ok(())
}
