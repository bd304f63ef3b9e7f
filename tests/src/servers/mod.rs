//! Private PostgreSQL, Redis, RabbitMQ and ClamAV, each on a free port of
//! 127.0.0.1 with its data in one temporary folder. Servers that already run on
//! the machine are never touched, and their default ports are never asked for.

mod clamav;
mod place;
mod port;
mod postgres;
mod process;
mod rabbitmq;
mod redis;

use anyhow::{Context, Result};

use place::Place;
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

/// RabbitMQ boots longest, so it is started first and waited for last.
const KINDS: [fn(&Place) -> Result<Server>; 4] =
    [rabbitmq::start, postgres::start, redis::start, clamav::start];

impl Servers {
    /// Starts all and waits until each answers.
    ///
    /// # Errors
    /// A server is not installed or does not come up; the message ends with its log.
    pub fn start() -> Result<Self> {
        let place = Place::new()?;
        let mut servers =
            KINDS.map(|start| start(&place)).into_iter().collect::<Result<Vec<_>>>()?;
        for (server, start) in servers.iter_mut().zip(KINDS).rev() {
            if server.wait().is_err() {
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
