//! One process of a server, with its log.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Child, Command},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};

/// How long a server may take to start on a busy machine.
const START: Duration = Duration::from_mins(2);
/// How long a process may take to end after it was asked to.
const END: Duration = Duration::from_secs(10);

/// A running process; dropping it ends it.
pub(super) struct Process {
    name: &'static str,
    command: Command,
    child: Child,
    log: PathBuf,
    /// Asks the process to end; without it the process is killed at once.
    ask: Option<Command>,
}

impl Process {
    /// Starts `command` with both outputs going to `<name>.log` in `folder`.
    pub(super) fn spawn(name: &'static str, mut command: Command, folder: &Path) -> Result<Self> {
        let log = folder.join(format!("{name}.log"));
        let file = File::create(&log)?;
        command.stdout(file.try_clone()?).stderr(file);
        let child = command.spawn().with_context(|| format!("cannot start {name}"))?;
        Ok(Self { name, command, child, log, ask: None })
    }

    /// Kills it as the kernel would.
    pub(super) fn kill(&mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Starts it again as it was started first.
    pub(super) fn start_again(&mut self) -> Result<()> {
        self.child =
            self.command.spawn().with_context(|| format!("cannot start {} again", self.name))?;
        Ok(())
    }

    /// Ends by running `command` first, for a server that leaves traces when killed.
    pub(super) fn ended_by(mut self, command: Command) -> Self {
        self.ask = Some(command);
        self
    }

    /// Waits until `ready`, or says why that will not happen.
    pub(super) fn wait_for(&mut self, ready: impl Fn() -> bool) -> Result<()> {
        let until = Instant::now() + START;
        while !ready() {
            self.check()?;
            if Instant::now() > until {
                bail!("{} is not ready after {START:?}\n{}", self.name, self.end_of_log());
            }
            pause();
        }
        Ok(())
    }

    /// Refuses if the process has ended.
    pub(super) fn check(&mut self) -> Result<()> {
        match self.child.try_wait()? {
            None => Ok(()),
            Some(status) => {
                bail!("{} has ended by itself: {status}\n{}", self.name, self.end_of_log())
            }
        }
    }

    fn end_of_log(&self) -> String {
        let log = fs::read(&self.log).unwrap_or_default();
        let log = String::from_utf8_lossy(&log);
        let lines: Vec<_> = log.lines().collect();
        lines[lines.len().saturating_sub(30)..].join("\n")
    }

    fn ended(&mut self, within: Duration) -> bool {
        let until = Instant::now() + within;
        while Instant::now() < until {
            if !matches!(self.child.try_wait(), Ok(None)) {
                return true;
            }
            pause();
        }
        false
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if let Some(mut ask) = self.ask.take() {
            let asked = ask.status().is_ok_and(|status| status.success());
            if asked && self.ended(END) {
                return;
            }
        }
        // An error means that it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[expect(clippy::disallowed_methods, reason = "there is no runtime here to block")]
fn pause() {
    thread::sleep(Duration::from_millis(25));
}
