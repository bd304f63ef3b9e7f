//! One process of the product.

use std::{
    fs::File,
    net::SocketAddr,
    path::PathBuf,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};
use tokio::process::Child;

use super::http;
use crate::servers::port;

/// Far beyond what a start takes: a process that hangs, not a slow machine.
const PATIENCE: Duration = Duration::from_secs(90);

/// Where a process listens.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ports {
    pub(super) grpc: SocketAddr,
    pub(super) http: SocketAddr,
}

impl Ports {
    pub(super) fn free() -> Result<Self> {
        // Both are held until both are known, so that they differ.
        let (a, b) = (port::listener()?, port::listener()?);
        Ok(Self { grpc: a.local_addr()?, http: b.local_addr()? })
    }
}

/// A process, running or not.
pub(super) struct Process {
    pub(super) name: &'static str,
    pub(super) ports: Ports,
    log: PathBuf,
    child: Option<Child>,
}

impl Process {
    pub(super) fn new(name: &'static str, ports: Ports) -> Self {
        Self { name, ports, log: PathBuf::new(), child: None }
    }

    pub(super) fn pid(&self) -> Option<u32> {
        self.child.as_ref()?.id()
    }

    pub(super) fn start(&mut self, mut command: Command, log: PathBuf) -> Result<()> {
        let file = File::options().create(true).append(true).open(&log)?;
        command.stdin(Stdio::null()).stdout(file.try_clone()?).stderr(file);
        let child = tokio::process::Command::from(command).kill_on_drop(true).spawn()?;
        (self.child, self.log) = (Some(child), log);
        Ok(())
    }

    pub(super) async fn until_ready(&mut self) -> Result<()> {
        let begun = Instant::now();
        while http::get(self.ports.http, "/healthz/ready").await.is_err() {
            let ended = match &mut self.child {
                Some(child) => child.try_wait()?,
                None => bail!("{} was not started", self.name),
            };
            if ended.is_some() || begun.elapsed() > PATIENCE {
                bail!("{} is not ready ({ended:?}):\n{}", self.name, self.last_words());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Ok(())
    }

    pub(super) async fn kill(&mut self) -> Result<()> {
        let mut child = self.child.take().context("it does not run")?;
        child.kill().await?;
        Ok(())
    }

    pub(super) async fn stop(&mut self) -> Result<bool> {
        self.tell_to_stop()?;
        self.ended_well().await
    }

    pub(super) fn tell_to_stop(&self) -> Result<()> {
        let pid = self.pid().context("it does not run")?.to_string();
        let told = Command::new("kill").args(["-TERM", &pid]).status()?;
        ensure!(told.success(), "{} cannot be told to stop", self.name);
        Ok(())
    }

    pub(super) async fn ended_well(&mut self) -> Result<bool> {
        let mut child = self.child.take().context("it does not run")?;
        Ok(tokio::time::timeout(PATIENCE, child.wait()).await??.success())
    }

    fn last_words(&self) -> String {
        let log = std::fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<_> = log.lines().rev().take(30).collect();
        lines.into_iter().rev().collect::<Vec<_>>().join("\n")
    }
}

/// The binary beside this test's.
pub(super) fn binary() -> Result<Command> {
    let tests = std::env::current_exe()?;
    let path = tests
        .parent()
        .and_then(|deps| deps.parent())
        .context("a test lives in target/debug/deps")?
        .join("motcua");
    if !path.exists() {
        bail!("{} is missing: build it first with `cargo build`", path.display());
    }
    Ok(Command::new(path))
}
