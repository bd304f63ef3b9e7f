//! One process of a server, with its log.

use std::{
    fs::{self, File},
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, Command},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process};

/// How long a server may take to start on a busy machine.
const START: Duration = Duration::from_mins(2);
/// How long a process may take to end after it was asked to.
const END: Duration = Duration::from_secs(25);

/// A running process; dropping it ends it.
pub(crate) struct Process {
    name: &'static str,
    command: Command,
    child: Child,
    log: PathBuf,
    /// What asks the process to end; without it the process is killed at once.
    ask: Option<Signal>,
    asked: bool,
}

impl Process {
    /// Starts `command` with both outputs going to `<name>.log` in `folder`. A terminal's Ctrl-C
    /// does not reach it: who started it ends it.
    pub(crate) fn spawn(name: &'static str, mut command: Command, folder: &Path) -> Result<Self> {
        let log = folder.join(format!("{name}.log"));
        let file = File::create(&log)?;
        command.stdout(file.try_clone()?).stderr(file).process_group(0);
        let child = command.spawn().with_context(|| format!("cannot start {name}"))?;
        Ok(Self { name, command, child, log, ask: None, asked: false })
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

    /// Ends when it is sent `signal`, rather than killed.
    pub(crate) fn ended_by(mut self, signal: Signal) -> Self {
        self.ask = Some(signal);
        self
    }

    /// Asks it to end, and does not wait for that.
    pub(crate) fn ask(&mut self) {
        if let Some(signal) = self.ask.take() {
            self.asked = kill_process(Pid::from_child(&self.child), signal).is_ok();
        }
    }

    /// Waits until `ready`, or says why that will not happen.
    pub(crate) fn wait_for(&mut self, ready: impl Fn() -> bool) -> Result<()> {
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
    pub(crate) fn check(&mut self) -> Result<()> {
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
        self.ask();
        if self.asked && self.ended(END) {
            return;
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
