//! Private PostgreSQL, Redis, RabbitMQ and ClamAV, each on a free port of
//! 127.0.0.1 with its data in one temporary folder. Servers that already run on
//! the machine are never touched, and their default ports are never asked for.

mod clamav;
mod own;
pub(crate) mod place;
pub(crate) mod port;
mod postgres;
pub(crate) mod process;
mod rabbitmq;
mod redis;

use std::{
    path::PathBuf,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};

pub use own::OwnServers;
use place::Place;
pub use port::free as free_ports;
use process::Process;

/// A variable that tells a test where a server is.
pub type Variable = (&'static str, String);

/// One started server; dropping it stops its processes, the last started first.
struct Server {
    name: &'static str,
    variable: Variable,
    port: u16,
    /// What a client says and a server that is ready answers with.
    greeting: Greeting,
    processes: Vec<Process>,
}

/// The shortest exchange that proves a server is serving, not merely listening.
struct Greeting {
    say: &'static [u8],
    hear: &'static [u8],
}

/// All four servers; dropping them stops each and removes the folder.
pub struct Servers {
    servers: Vec<Server>,
    // Declared after the servers, so that it is removed when they have stopped.
    place: Place,
}

/// With this variable set PostgreSQL is as durable as in production.
const DURABLE: &str = "MOTCUA_TEST_DURABLE";
/// What opens the servers that people use, all of them on 127.0.0.1; that of `compose.yaml`.
pub(crate) const PASSWORD: &str = "developer";
/// How long a killed server may take until it takes its place again.
const REVIVAL: Duration = Duration::from_secs(30);

/// RabbitMQ boots longest, so it is started first and waited for last.
const KINDS: [fn(&Place) -> Result<Server>; 4] =
    [rabbitmq::start, postgres::start, redis::start, clamav::start];

impl Servers {
    /// Starts all and waits until each answers.
    ///
    /// # Errors
    /// A server is not installed or does not come up; the message ends with its log.
    pub fn start() -> Result<Self> {
        Self::start_in(Place::new(std::env::var_os(DURABLE).is_some())?)
    }

    /// The same, and what was committed survives a kill.
    ///
    /// # Errors
    /// As [`Self::start`].
    pub fn start_durable() -> Result<Self> {
        Self::start_in(Place::new(true)?)
    }

    /// In a folder that stays, on the servers' own ports, moved by `shift`.
    ///
    /// # Errors
    /// As [`Self::start`]; or a port is taken, or the folder cannot be used.
    pub fn lasting(folder: PathBuf, shift: u16) -> Result<Self> {
        Self::start_in(Place::lasting(folder, shift)?)
    }

    fn start_in(place: Place) -> Result<Self> {
        let mut servers =
            KINDS.map(|start| start(&place)).into_iter().collect::<Result<Vec<_>>>()?;
        for (server, start) in servers.iter_mut().zip(KINDS).rev() {
            let waited = server.wait();
            if place.lasts() {
                waited.with_context(|| format!("{} does not start", server.name))?;
            } else if waited.is_err() {
                // Another program may have taken the port between our choice and the server's bind.
                *server = start(&place)?;
                server.wait().with_context(|| format!("{} does not start", server.name))?;
            }
        }
        Ok(Self { servers, place })
    }

    /// The variables that tests look for: where each server is, and the folder in
    /// which all keep their files.
    pub fn variables(&self) -> impl Iterator<Item = Variable> {
        let folder = ("MOTCUA_TEST_SERVERS", self.place.path().display().to_string());
        self.servers.iter().map(|server| server.variable.clone()).chain([folder])
    }

    /// The servers' names and addresses.
    pub(crate) fn addresses(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.servers.iter().map(|server| (server.name, server.variable.1.as_str()))
    }

    /// Where they keep their data.
    pub(crate) const fn place(&self) -> &Place {
        &self.place
    }

    /// Kills a server as the kernel would.
    ///
    /// # Errors
    /// There is none of this name.
    pub fn kill(&mut self, name: &str) -> Result<()> {
        self.process(name)?.kill()
    }

    /// Starts a killed server again, on its port and what it left, and waits until it answers.
    ///
    /// # Errors
    /// It does not come up; the message ends with its log.
    pub fn revive(&mut self, name: &str) -> Result<()> {
        let until = Instant::now() + REVIVAL;
        loop {
            self.process(name)?.start_again()?;
            let server = self.servers.iter_mut().find(|server| server.name == name);
            match server.context("no such server")?.wait() {
                Ok(()) => return Ok(()),
                // What its own children held of it is let go a moment after its end.
                Err(error) => ensure!(Instant::now() < until, "{error:#}"),
            }
        }
    }

    fn process(&mut self, name: &str) -> Result<&mut Process> {
        let server = self.servers.iter_mut().find(|server| server.name == name);
        let server = server.with_context(|| format!("there is no server {name}"))?;
        server.processes.last_mut().context("no process was started")
    }

    /// Says which server has ended by itself, if one has.
    ///
    /// # Errors
    /// Names the server and ends with its log.
    pub fn check(&mut self) -> Result<()> {
        self.servers.iter_mut().flat_map(|s| &mut s.processes).try_for_each(Process::check)
    }
}

impl Server {
    fn wait(&mut self) -> Result<()> {
        self.processes
            .last_mut()
            .context("no process was started")?
            .wait_for(|| port::answers(self.port, self.greeting.say, self.greeting.hear))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        while self.processes.pop().is_some() {}
    }
}
