//! What could not be told: events that a service parked for a person, and what
//! the broker keeps aside. They are looked at, and put back on their way.

use std::process::ExitCode;

use anyhow::{bail, ensure};
use clap::{Args, Subcommand};
use motcua_context::{Clock, SystemClock};
use motcua_ids::Uuid;
use motcua_post::Mending;
use motcua_spine::Spine;
use serde_json::json;

use self::{
    inboxes::Inboxes,
    item::{Item, act_json, act_line},
    piles::Piles,
    which::{Place, Where, Which},
};
use super::say;
use crate::{cli::SettingsArgs, roles, settings};

mod inboxes;
mod item;
mod piles;
mod which;

/// A list without an end is of no use.
const MOST: u64 = 1_000;

#[derive(Debug, Subcommand)]
pub(crate) enum EventsCommand {
    /// Lists what waits for a person, listener by listener, the oldest first.
    List(ListArgs),
    /// Shows one event, without its body, and who put it back on its way before.
    Show(ShowArgs),
    /// Puts events back on their way once their cause is mended; who did it is kept.
    Redrive(RedriveArgs),
}

/// What to list.
#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    #[command(flatten)]
    which: Which,
    /// Lines at the most.
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u64).range(1..=MOST))]
    limit: u64,
    /// Goes on behind this place: the first word of the last line, `workflow/17`.
    #[arg(long, value_name = "PLACE")]
    after: Option<Place>,
    /// Lists instead who put what back on its way, the newest first.
    #[arg(long)]
    redriven: bool,
    /// Answers with JSON.
    #[arg(long)]
    json: bool,
}

/// What to show.
#[derive(Debug, Args)]
pub(crate) struct ShowArgs {
    /// The event's id, as `list` shows it.
    event: String,
    /// Answers with JSON.
    #[arg(long)]
    json: bool,
}

/// What to put back on its way.
#[derive(Debug, Args)]
pub(crate) struct RedriveArgs {
    /// One event's id, as `list` shows it.
    #[arg(conflicts_with = "all")]
    event: Option<String>,
    #[command(flatten)]
    which: Which,
    /// Everything that waits for a person.
    #[arg(long)]
    all: bool,
    /// Says an event again that was sent and never came, by its id: from the log of the service
    /// that said it. Whoever acted upon it already passes it over.
    #[arg(
        long,
        value_name = "ID",
        conflicts_with_all = ["event", "all", "consumer", "source", "event_type", "key", "reason"]
    )]
    from_log: Option<Uuid>,
    /// Who does it; kept with the act.
    #[arg(long, value_name = "NAME")]
    by: String,
    /// Answers with JSON.
    #[arg(long)]
    json: bool,
}

/// Does what was asked.
pub(crate) async fn run(args: &SettingsArgs, command: EventsCommand) -> anyhow::Result<ExitCode> {
    let spine = Spine::of(&settings::load(args)?)?;
    match command {
        EventsCommand::List(list) if list.redriven => list_acts(&spine, &list).await,
        EventsCommand::List(list) => self::list(&spine, list).await,
        EventsCommand::Show(show) => self::show(&spine, &show).await,
        EventsCommand::Redrive(redrive) => self::redrive(&spine, redrive).await,
    }?;
    Ok(ExitCode::SUCCESS)
}

async fn list(spine: &Spine, asked: ListArgs) -> anyhow::Result<()> {
    let after = asked.after.as_ref();
    let places = asked.which.places()?;
    // One more than is shown tells whether there are more.
    let mut left = asked.limit + 1;
    let mut items = Inboxes::open(spine, &places).await?.list(&asked.which, after, left).await?;
    left -= items.len() as u64;
    items.extend(Piles::of(spine, &places).list(&asked.which, after, left).await?);
    let more = items.len() as u64 > asked.limit;
    items.truncate(usize::try_from(asked.limit)?);
    let next = items.last().filter(|_| more).map(|item| item.place.to_string());
    if asked.json {
        let events: Vec<_> = items.iter().map(Item::json).collect();
        say(json!({ "events": events, "next": next }))?;
        return Ok(());
    }
    for item in &items {
        say(item)?;
    }
    match next {
        Some(next) => say(format_args!("there are more: --after {next}"))?,
        None if items.is_empty() => say("nothing waits for a person")?,
        None => {}
    }
    Ok(())
}

async fn list_acts(spine: &Spine, asked: &ListArgs) -> anyhow::Result<()> {
    let inboxes = Inboxes::open(spine, &asked.which.places()?).await?;
    let acts = inboxes.acts(None, asked.limit).await?;
    if asked.json {
        let acts: Vec<_> = acts.iter().map(|(service, act)| act_json(service, act)).collect();
        say(json!({ "acts": acts }))?;
        return Ok(());
    }
    for (service, act) in &acts {
        say(act_line(service, act))?;
    }
    Ok(())
}

async fn show(spine: &Spine, asked: &ShowArgs) -> anyhow::Result<()> {
    let which = Which::event(&asked.event);
    let places = which.places()?;
    let inboxes = Inboxes::open(spine, &places).await?;
    let mut items = inboxes.list(&which, None, MOST).await?;
    items.extend(Piles::of(spine, &places).list(&which, None, MOST).await?);
    let acts = inboxes.acts(Some(&asked.event), MOST).await?;
    if items.is_empty() && acts.is_empty() {
        bail!("{}: no such event waits for a person, and none was put back", asked.event);
    }
    if asked.json {
        let events: Vec<_> = items.iter().map(Item::json).collect();
        let acts: Vec<_> = acts.iter().map(|(service, act)| act_json(service, act)).collect();
        say(json!({ "events": events, "acts": acts }))?;
        return Ok(());
    }
    for item in &items {
        say(item.whole())?;
    }
    for (service, act) in &acts {
        say(act_line(service, act))?;
    }
    Ok(())
}

async fn redrive(spine: &Spine, asked: RedriveArgs) -> anyhow::Result<()> {
    ensure!(!asked.by.trim().is_empty(), "--by: write who you are");
    let by = Mending { by: asked.by.trim().to_owned(), at: SystemClock.now() };
    if let Some(event) = asked.from_log {
        return say_again(spine, event, &by, asked.json).await;
    }
    let which = asked.which.of(asked.event);
    ensure!(
        asked.all || !which.is_everything(),
        "redrive: name an event, or --key, --consumer, --source, --type or --reason; \
         --all is everything"
    );
    let places = which.places()?;
    let inboxes = Inboxes::open(spine, &places).await?;
    let mut redriven = inboxes.redrive(&which, &by).await?;
    redriven.extend(Piles::of(spine, &places).redrive(&which, &by).await?);
    if asked.json {
        let redriven: Vec<_> = redriven
            .iter()
            .map(|(consumer, id)| json!({ "consumer": consumer, "id": id }))
            .collect();
        say(json!({ "redriven": redriven }))?;
        return Ok(());
    }
    for (consumer, id) in &redriven {
        say(format_args!("{consumer} {id}: back on its way"))?;
    }
    say(format_args!("{} put back on their way", redriven.len()))?;
    Ok(())
}

async fn say_again(spine: &Spine, event: Uuid, by: &Mending, json: bool) -> anyhow::Result<()> {
    let places = services().map(Where::Inbox);
    let inboxes = Inboxes::open(spine, &places).await?;
    let Some(source) = inboxes.say_again(event.into(), by).await? else {
        bail!("{event}: no log has it, or it was not sent yet: see `motcua doctor --consistency`");
    };
    if json {
        say(json!({ "said_again": { "source": source, "id": event } }))?;
    } else {
        say(format_args!("{source} says {event} again"))?;
    }
    Ok(())
}

/// The services of which an inbox can be looked at.
fn services() -> [&'static str; roles::ALL.len()] {
    roles::ALL
}
