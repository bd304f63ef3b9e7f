//! The whole product in one process, while nobody asks it for anything.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use motcua_tests::sandbox::{Sandbox, Topology};

/// How soon it served, and how much memory it then kept, in megabytes.
pub(crate) struct AtRest {
    pub(crate) ready: Duration,
    pub(crate) megabytes: f64,
}

/// Starts it where it was before, as on a machine that is started again. Whether it is ready is
/// asked every 50 ms.
pub(crate) async fn measure() -> Result<AtRest> {
    let mut sandbox = Box::pin(Sandbox::start(Topology::OneProcess)).await?;
    ensure!(sandbox.stop("motcua").await?, "it did not stop well");
    let begun = Instant::now();
    sandbox.restart("motcua").await?;
    let ready = begun.elapsed();
    tokio::time::sleep(Duration::from_secs(5)).await;
    let pid = sandbox.pids().into_values().next().context("it does not run")?;
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let resident = resident.and_then(|text| text.split_whitespace().next());
    let kilobytes: f64 = resident.context("no VmRSS")?.parse()?;
    Ok(AtRest { ready, megabytes: kilobytes / 1024.0 })
}
