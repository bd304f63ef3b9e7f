//! Who is killed when: chosen by the seed, everybody in turn.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use motcua_tests::{sandbox::Sandbox, servers::OwnServers};
use rand::{RngExt, SeedableRng, rngs::StdRng, seq::SliceRandom};

/// How soon readiness has to say that the database is away.
const TELLS_WITHIN: Duration = Duration::from_secs(15);

#[derive(Clone, Copy)]
enum Victim {
    Service(&'static str),
    Server(&'static str),
}

const VICTIMS: [Victim; 9] = [
    Victim::Service("identity"),
    Victim::Service("catalog"),
    Victim::Service("intake"),
    Victim::Service("workflow"),
    Victim::Service("payment"),
    Victim::Service("notification"),
    Victim::Server("RabbitMQ"),
    Victim::Server("PostgreSQL"),
    Victim::Server("Redis"),
];

/// What was killed, a line each.
pub(super) type Kills = Vec<String>;

/// Kills everybody in turn, in an order of the seed, until the time is over;
/// everybody at least once.
pub(super) async fn run(
    sandbox: &mut Sandbox,
    servers: &OwnServers,
    seed: u64,
    until: Instant,
) -> Result<Kills> {
    let begun = Instant::now();
    let mut rng = StdRng::seed_from_u64(seed);
    let mut kills = Kills::new();
    loop {
        let mut turn = VICTIMS;
        turn.shuffle(&mut rng);
        for victim in turn {
            // The choices of a seed are the same, however long anything takes.
            let pause = Duration::from_millis(rng.random_range(200..2_500));
            let away = Duration::from_millis(rng.random_range(0..1_500));
            if Instant::now() > until && kills.len() >= VICTIMS.len() {
                return Ok(kills);
            }
            tokio::time::sleep(pause).await;
            let at = begun.elapsed().as_secs_f32();
            let down = Instant::now();
            let name = kill(sandbox, servers, victim, away).await?;
            let back = down.elapsed().as_secs_f32();
            kills.push(format!("{at:>8.1} s  {name}, back after {back:.1} s"));
        }
    }
}

async fn kill(
    sandbox: &mut Sandbox,
    servers: &OwnServers,
    victim: Victim,
    away: Duration,
) -> Result<&'static str> {
    match victim {
        Victim::Service(name) => {
            sandbox.kill(name).await?;
            tokio::time::sleep(away).await;
            sandbox.restart(name).await.with_context(|| format!("{name} after its kill"))?;
            Ok(name)
        }
        Victim::Server(name) => {
            servers.kill(name).await?;
            tokio::time::sleep(away).await;
            tells(sandbox, name).await?;
            servers.revive(name).await.with_context(|| format!("{name} after its kill"))?;
            for service in sandbox.names() {
                sandbox.again_ready(service).await.with_context(|| format!("after {name}"))?;
            }
            Ok(name)
        }
    }
}

/// What readiness says while a server is away: without its database a service is
/// not ready; without the broker or Redis it is, and says so.
async fn tells(sandbox: &Sandbox, server: &str) -> Result<()> {
    let (ready, mentions) = match server {
        "PostgreSQL" => (false, "store.intake"),
        "RabbitMQ" => (true, "bus"),
        _ => (true, "cache"),
    };
    let begun = Instant::now();
    loop {
        let (is_ready, said) = sandbox.readiness("intake").await?;
        if is_ready == ready && said.contains(mentions) {
            return Ok(());
        }
        anyhow::ensure!(begun.elapsed() < TELLS_WITHIN, "without {server} readiness says {said}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
