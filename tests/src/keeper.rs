//! Keeps the servers for exactly as long as somebody needs them.
//!
//! The servers belong to a second process, the keeper, which holds one end of a
//! pipe. When the other end closes, because its owner finished, failed, was
//! interrupted or was killed with SIGKILL, the keeper stops the servers and
//! removes their folder. It stands in a process group of its own, so that
//! neither Ctrl-C nor a signal to the owner's group reaches it first. Should the
//! keeper itself be killed, the kernel ends the servers (`pdeathsig`).

use std::{
    env,
    io::{self, BufRead, BufReader, Read, Write},
    os::unix::process::CommandExt,
    process::{Child, ChildStdin, Command, Stdio},
};

use anyhow::{Context, Result, bail};

use crate::servers::Servers;

/// The argument with which a program that calls [`Keeper::launch`] must call [`keep`].
pub const KEEP: &str = "keep";
const READY: &str = "ready";

/// The owner's side.
pub struct Keeper {
    child: Child,
    pipe: Option<ChildStdin>,
    variables: Vec<(String, String)>,
}

impl Keeper {
    /// Starts the keeper, which is this same program, and waits for the servers.
    ///
    /// # Errors
    /// A server did not start; the keeper has said why.
    pub fn launch() -> Result<Self> {
        let mut child = Command::new(env::current_exe()?)
            .arg(KEEP)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .process_group(0)
            .spawn()?;
        let pipe = child.stdin.take();
        let lines =
            BufReader::new(child.stdout.take().context("the keeper has no output")?).lines();
        let mut variables = Vec::new();
        for line in lines {
            let line = line?;
            if line == READY {
                return Ok(Self { child, pipe, variables });
            }
            let (name, value) = line.split_once('=').context("the keeper speaks NAME=VALUE")?;
            variables.push((name.to_owned(), value.to_owned()));
        }
        child.wait()?;
        bail!("the test servers did not start")
    }

    /// What tests find the servers by: `MOTCUA_TEST_PG` and its like.
    pub fn variables(&self) -> &[(String, String)] {
        &self.variables
    }

    /// Stops the servers and waits until they and their folder are gone.
    ///
    /// # Errors
    /// A server had ended by itself before; the keeper has said which.
    pub fn stop(mut self) -> Result<()> {
        drop(self.pipe.take());
        if self.child.wait()?.success() { Ok(()) } else { bail!("a test server failed") }
    }
}

/// The keeper's side: serves until standard input ends.
///
/// # Errors
/// A server does not start, or has ended by itself meanwhile.
pub fn keep() -> Result<()> {
    let mut servers = Servers::start()?;
    let mut output = io::stdout();
    for (name, value) in servers.variables() {
        writeln!(output, "{name}={value}")?;
    }
    writeln!(output, "{READY}")?;
    output.flush()?;
    io::stdin().read_to_end(&mut Vec::new())?;
    servers.check()
}
