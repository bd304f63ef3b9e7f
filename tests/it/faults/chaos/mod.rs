//! Everything is killed (kill -9), service by service and server by server, at
//! moments that a recorded seed chooses, while callers tell whole stories. Then
//! nothing that was answered is lost and nothing is there twice:
//! `motcua doctor --consistency` finds nothing, and the stores hold exactly what
//! the callers wrote down. Every kind of story was told to its end meanwhile.
//!
//! `scripts/chaos --minutes N --seed S` runs it for long.

mod compared;
mod kills;
mod load;
mod patient;
mod record;

use std::{
    env,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use motcua::{
    demo::{story::Story, teller::Teller, world::World},
    roles,
};
use motcua_context::{Clock, SystemClock};
use motcua_rpc::remote_trusting;
use motcua_tests::{
    sandbox::{Sandbox, Topology},
    servers::OwnServers,
};
use record::Record;

/// How long it takes in a run of all tests, and which kills it sees.
const SECONDS: u64 = 25;
const SEED: u64 = 20_261_122;
/// How much longer stories are told until there is one of every kind.
const AT_THE_MOST: Duration = Duration::from_secs(35);
/// How long what is under way may take to arrive.
const QUIET: Duration = Duration::from_mins(4);

async fn survives(seconds: u64, seed: u64) -> Result<()> {
    let servers = OwnServers::start().await?;
    let variable = |name: &str| servers.variable(name);
    let mut sandbox =
        Sandbox::start_beside(Topology::Processes, SystemClock.now(), &[], &variable).await?;
    let record = Arc::new(Record::default());
    let authorities = sandbox.authorities()?;
    let world = World::over(|service| {
        let wire = remote_trusting(&sandbox.address(service), &authorities)?;
        Ok(patient::over(wire, &record))
    })?;
    let mut teller = Teller::silent();
    let first = Story::begin(&world, sandbox.administrator(), &mut teller).await?;

    let until = Instant::now() + Duration::from_secs(seconds);
    let ending = load::Ending { over: AtomicBool::new(false), at: until + AT_THE_MOST };
    let killing = async {
        let kills = kills::run(&mut sandbox, &servers, seed, until).await;
        ending.over.store(true, Ordering::SeqCst);
        kills
    };
    let (loaded, kills) = tokio::join!(load::run(&first, &record, seed, &ending), killing);
    let kills = kills?;
    println!("seed {seed}, {seconds} s, {} callers, {} kills", load::CALLERS, kills.len());
    for line in kills.into_iter().chain(record.lines()) {
        println!("{line}");
    }
    loaded?;
    record.told_enough()?;

    let begun = Instant::now();
    quiet(&sandbox).await?;
    println!("quiet after {:.1} s", begun.elapsed().as_secs_f32());
    let proof = sandbox.command(&["doctor", "--consistency"], "").await;
    println!("{}", proof.as_deref().unwrap_or("the stores disagree"));
    proof?;
    let compared = compared::compare(&record, &sandbox).await?;
    for line in compared.lines() {
        println!("{line}");
    }
    compared.agree()
}

/// Waits until nothing is on its way any more.
async fn quiet(sandbox: &Sandbox) -> Result<()> {
    let begun = Instant::now();
    loop {
        let mut waits = 0;
        for service in roles::ALL {
            waits += sandbox.unpublished(service).await?;
            waits += sandbox.count(service, "SELECT count(*) FROM inbox").await?;
        }
        if waits == 0 {
            return Ok(());
        }
        ensure!(begun.elapsed() < QUIET, "{waits} events still wait");
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
}

#[expect(clippy::disallowed_methods, reason = "how long, and which kills, is the caller's choice")]
fn asked(name: &str, otherwise: u64) -> Result<u64> {
    match env::var(name) {
        Ok(number) => number.parse().with_context(|| format!("{name}={number} is no number")),
        Err(_) => Ok(otherwise),
    }
}

mod processes {
    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn survive_all_kills() -> Result<()> {
        survives(asked("MOTCUA_CHAOS_SECONDS", SECONDS)?, asked("MOTCUA_CHAOS_SEED", SEED)?).await
    }
}
