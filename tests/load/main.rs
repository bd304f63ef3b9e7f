//! How fast dossiers are filed, beside the fastest that the same servers allow.
//!
//! `cargo build --release && MOTCUA_TEST_DURABLE=1 target/debug/servers -- cargo bench -p motcua-tests`
//!
//! Every figure is taken in the same run, on the same PostgreSQL with its commits on
//! disk: first the same rows written by bare statements, then `SubmitDossier` over
//! gRPC to processes of their own. What counts is the ratio. With `-- messages`, only how fast
//! people are told.
#![expect(clippy::cast_precision_loss, reason = "counts of some thousands")]

mod filing;
mod floor;
mod measure;
mod queue;
mod rest;
mod telling;

use std::io::{Write, stdout};

use anyhow::{Context, Result};
use motcua_context::{Clock, SystemClock};
use motcua_tests::sandbox::{Sandbox, Topology};

use crate::{
    filing::Filing,
    measure::{Held, Measure, median},
    queue::Queue,
    telling::Telling,
};

/// Callers at once.
const CALLERS: usize = 16;
/// Events at once that a service acts upon.
const LANES: usize = 8;
const DOSSIERS: usize = 2_000;
const AGENCIES: usize = 100;

#[tokio::main]
async fn main() -> Result<()> {
    let asked = std::env::args().skip(1).find_map(|argument| argument.parse().ok());
    let count = asked.unwrap_or(DOSSIERS);
    let now = SystemClock.now();
    // One account files all of them.
    let set = ["intake.max_drafts=1000000"];
    let sandbox = Box::pin(Sandbox::start_set(Topology::Processes, now, &set)).await?;
    let world = sandbox.world()?;
    let filing = Box::pin(Filing::begin(&world, sandbox.administrator(), AGENCIES)).await?;
    let measure = Measure::new(&sandbox).await?;
    let mut out = stdout();

    messages(&sandbox, &filing, &measure, count / 2).await?;
    if std::env::args().any(|argument| argument == "messages") {
        return Ok(());
    }
    filing.submit_all(&filing.draft_all(count / 10, 1).await?, CALLERS).await?;
    measure.settled().await?;
    let mut half = 0.0;
    for (counters, what) in [(AGENCIES, "a hundred agencies"), (1, "one agency")] {
        let drafts = filing.draft_all(count, counters).await?;
        measure.settled().await?;
        let before = floor::filing(measure.url(), counters, CALLERS).await?;
        let more = filing.draft_all(count, counters).await?;
        measure.settled().await?;
        let held = Held::process(&sandbox, "notification")?;
        let alone = filing.submit_all(&more, CALLERS).await?;
        drop(held);
        measure.settled().await?;
        let used = measure.used()?;
        let rate = filing.submit_all(&drafts, CALLERS).await?;
        let filed = count as f64 / rate;
        let drained = measure.settled().await?.as_secs_f64();
        let used = measure.used()?.since(used).per(count);
        let after = floor::filing(measure.url(), counters, CALLERS).await?;
        let floor = median([before, after]);
        writeln!(out, "{what}")?;
        writeln!(out, "  bare statements          {floor:>8.0} /s, {CALLERS} at once")?;
        let of_floor = |rate| rate / floor;
        writeln!(
            out,
            "  SubmitDossier over gRPC  {alone:>8.0} /s, {:.2} of that",
            of_floor(alone)
        )?;
        writeln!(out, "  with listeners at work   {rate:>8.0} /s, {:.2} of that", of_floor(rate))?;
        let lasting = count as f64 / (filed + drained);
        writeln!(
            out,
            "  heard by all listeners   {lasting:>8.0} /s, {drained:.2} s after the last"
        )?;
        writeln!(out, "  processor per dossier    {used}")?;
        half = lasting / 2.0;
    }
    let drafts = filing.draft_all(count / 2, 1).await?;
    measure.settled().await?;
    let begin = measure.now().await?;
    filing.submit_paced(&drafts, half).await?;
    measure.settled().await?;
    let (p50, p99) = measure.heard_after(begin).await?;
    writeln!(out, "at half that rate, {half:.0} /s")?;
    writeln!(out, "  commit to the listener's commit  p50 {p50:.1} ms, p99 {p99:.1} ms")?;
    let queue = Queue::begin(&world, &filing.head, &filing.task, measure.url()).await?;
    let (p50, p99) = queue.pages().await?;
    writeln!(out, "a page of 100 of a queue, a million open tasks: p50 {p50:.1?}, p99 {p99:.1?}")?;
    let rest::AtRest { ready, megabytes } = rest::measure().await?;
    writeln!(out, "all in one process: ready after {ready:.2?}, {megabytes:.0} MB at rest")?;
    let broker = sandbox.backends().context("processes have backends")?.broker_url();
    let confirms = floor::confirms(broker, count * 5).await?;
    writeln!(out, "RabbitMQ, confirmed into a quorum queue  {confirms:.0} /s")?;
    Ok(())
}

/// What an event makes of messages, beside the same rows by bare statements.
async fn messages(
    sandbox: &Sandbox,
    filing: &Filing,
    measure: &Measure,
    count: usize,
) -> Result<()> {
    let dossiers = filing.draft_all(count, 1).await?;
    measure.settled().await?;
    let mut telling = Telling::of(sandbox, measure.url(), &dossiers).await?;
    // As on any day but the first, there is something in the tables, and the plans are made.
    telling.through().await?;
    measure.settled().await?;
    let before = floor::telling(measure.url(), count, LANES).await?;
    let used = measure.used()?;
    let through = telling.through().await?;
    measure.settled().await?;
    let all = measure.used()?.since(used).per(count);
    let used = measure.used()?;
    let queued = telling.queue().await?;
    measure.settled().await?;
    let queueing = measure.used()?.since(used).per(count);
    let handed_over = telling.hand_over().await?;
    let after = floor::telling(measure.url(), count, LANES).await?;
    let floor = median([before, after]);
    let mut out = stdout();
    writeln!(out, "messages, {} for an event", telling::CHANNELS)?;
    writeln!(out, "  bare statements          {floor:>8.0} /s, {LANES} at once")?;
    writeln!(out, "  queued, from the broker  {queued:>8.0} /s, {:.2} of that", queued / floor)?;
    writeln!(out, "    processor per event    {queueing}")?;
    writeln!(out, "  handed over to the spool {handed_over:>8.0} /s")?;
    writeln!(out, "  both at once             {through:>8.0} /s, {:.2} of that", through / floor)?;
    writeln!(out, "    processor per event    {all}")?;
    Ok(())
}
