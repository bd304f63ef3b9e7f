//! The product as it is deployed, for one test: the real binary, as one process
//! on embedded stores or as one process a service on PostgreSQL, RabbitMQ and
//! Redis, which know each other by certificates. Tests drive both through the same
//! [`World`], at any time they like.

mod backends;
mod http;
mod process;
mod server_files;
mod stores;
mod tls;

use std::{
    collections::BTreeMap,
    io::Write,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::Stdio,
    sync::{Mutex, PoisonError},
};

use anyhow::{Context, Result, ensure};
use chrono::TimeDelta;
use motcua::{
    demo::{cast::Administrator, world::World},
    roles,
};
use motcua_context::{Clock, SystemClock, Timestamp};
use tempfile::TempDir;

pub use backends::Backends;
use process::{Ports, Process};

/// How many processes, and on what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Topology {
    /// One process with every service, on SQLite, in memory and in files.
    OneProcess,
    /// One process a service, on PostgreSQL, RabbitMQ, Redis and ClamAV.
    Processes,
    /// On the same, two processes that share the services.
    TwoProcesses,
}

impl Topology {
    /// What each process is called: as `--only` takes it.
    fn processes(self) -> Vec<&'static str> {
        match self {
            Self::OneProcess => vec!["motcua"],
            Self::Processes => roles::ALL.to_vec(),
            Self::TwoProcesses => vec!["identity,catalog,notification", "intake,workflow,payment"],
        }
    }

    /// The process in which a service runs.
    fn home(self, service: &str) -> &'static str {
        let here = |process: &&str| process.split(',').any(|name| name == service);
        self.processes().into_iter().find(here).unwrap_or("motcua")
    }
}

/// The product running, with the sample province and one administrator.
pub struct Sandbox {
    topology: Topology,
    processes: BTreeMap<&'static str, Process>,
    administrator: Administrator,
    config: PathBuf,
    /// What differs from the file, as `--set` takes it.
    set: Vec<String>,
    backends: Option<Backends>,
    /// How far the processes' clocks are from the machine's.
    shift: Mutex<TimeDelta>,
    dir: TempDir,
}

impl Sandbox {
    /// Starts it now, and waits until every process is ready.
    ///
    /// # Errors
    /// A process does not start; the end of its log is in the error.
    pub async fn start(topology: Topology) -> Result<Self> {
        Self::start_at(topology, SystemClock.now()).await
    }

    /// Starts it at another time, which goes on from there: in the catalog, the
    /// keys and the accounts as well it is never another.
    ///
    /// # Errors
    /// As [`Self::start`].
    pub async fn start_at(topology: Topology, begin: Timestamp) -> Result<Self> {
        Self::start_set(topology, begin, &[]).await
    }

    /// Starts it with settings of its own, `tls.connection_s=2`.
    ///
    /// # Errors
    /// As [`Self::start`].
    pub async fn start_set(topology: Topology, begin: Timestamp, set: &[&str]) -> Result<Self> {
        Self::start_beside(topology, begin, set, &backends::variable).await
    }

    /// The same beside other servers than those of all tests: `variable` tells where they are.
    ///
    /// # Errors
    /// As [`Self::start`].
    pub async fn start_beside(
        topology: Topology,
        begin: Timestamp,
        set: &[&str],
        variable: &(dyn Fn(&str) -> Result<String> + Sync),
    ) -> Result<Self> {
        let dir = tempfile::tempdir()?;
        let ports = topology.processes().into_iter().map(|name| Ok((name, Ports::free()?)));
        let ports = ports.collect::<Result<BTreeMap<_, _>>>()?;
        let backends = match topology {
            Topology::OneProcess => None,
            _ => Some(Backends::prepare(&roles::ALL, variable).await?),
        };
        let config = dir.path().join("motcua.toml");
        std::fs::write(&config, settings(dir.path(), topology, &ports, backends.as_ref()))?;
        let mut sandbox = Self {
            topology,
            processes: BTreeMap::new(),
            administrator: Administrator::named("quantri", "Quản trị hệ thống"),
            config,
            set: set.iter().map(ToString::to_string).collect(),
            backends,
            shift: Mutex::new(begin - SystemClock.now()),
            dir,
        };
        sandbox.prepare().await?;
        for (name, ports) in ports {
            sandbox.processes.insert(name, Process::new(name, ports));
        }
        for name in sandbox.names() {
            sandbox.spawn(name)?;
        }
        for name in sandbox.names() {
            sandbox.until_ready(name).await?;
        }
        sandbox.appoint().await?;
        Ok(sandbox)
    }

    /// The way to the services.
    pub fn world(&self) -> Result<World> {
        let address = |service: &str| self.address(service);
        match self.topology {
            Topology::OneProcess => World::of_many(address),
            _ => World::trusting(address, &self.authorities()?),
        }
    }

    /// Where a service listens: `http://127.0.0.1:…` in one process, `https://…` in many.
    pub fn address(&self, service: &str) -> String {
        let process = self.processes.get(self.topology.home(service));
        let scheme = match self.topology {
            Topology::OneProcess => "http",
            _ => "https",
        };
        process.map_or_else(String::new, |p| format!("{scheme}://{}", p.ports.grpc))
    }

    /// Who may appoint officers.
    pub const fn administrator(&self) -> &Administrator {
        &self.administrator
    }

    /// One process or many.
    pub const fn topology(&self) -> Topology {
        self.topology
    }

    /// The process ids, by process.
    pub fn pids(&self) -> BTreeMap<&'static str, u32> {
        self.processes.iter().filter_map(|(name, p)| Some((*name, p.pid()?))).collect()
    }

    /// The servers behind the processes.
    pub const fn backends(&self) -> Option<&Backends> {
        self.backends.as_ref()
    }

    /// The process in which a service runs.
    pub fn home(&self, service: &str) -> &'static str {
        self.topology.home(service)
    }

    /// Everything the processes wrote to disk.
    pub fn dir(&self) -> &Path {
        self.dir.path()
    }

    /// What time it is for the processes.
    pub fn now(&self) -> Timestamp {
        SystemClock.now() + *self.shift.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes it another time for every process; time goes on from there.
    pub async fn set_clock(&self, at: Timestamp) -> Result<()> {
        *self.shift.lock().unwrap_or_else(PoisonError::into_inner) = at - SystemClock.now();
        for process in self.processes.values() {
            self.tell_time(process).await?;
        }
        Ok(())
    }

    async fn tell_time(&self, process: &Process) -> Result<()> {
        http::put(process.ports.http, "/test/clock", &self.now().to_rfc3339()).await?;
        Ok(())
    }

    /// Keeps what a process says in its outbox, or lets it out.
    pub async fn hold_relay(&self, name: &str, held: bool) -> Result<()> {
        let process = self.processes.get(name).with_context(|| name.to_owned())?;
        http::put(process.ports.http, "/test/hold/relay", &held.to_string()).await?;
        Ok(())
    }

    /// Kills a process as the kernel would: no goodbye.
    pub async fn kill(&mut self, name: &str) -> Result<()> {
        self.process(name)?.kill().await
    }

    /// Stops a process as an operator would, and answers whether it ended well.
    pub async fn stop(&mut self, name: &str) -> Result<bool> {
        self.process(name)?.stop().await
    }

    /// Tells a process to stop as an operator would, and does not wait.
    ///
    /// # Errors
    /// It does not run.
    pub fn tell_to_stop(&self, name: &str) -> Result<()> {
        self.processes.get(name).with_context(|| name.to_owned())?.tell_to_stop()
    }

    /// Waits until a process that was told to stop has ended; answers whether it ended well.
    ///
    /// # Errors
    /// It does not end.
    pub async fn ended_well(&mut self, name: &str) -> Result<bool> {
        self.process(name)?.ended_well().await
    }

    /// Starts a process again and waits until it is ready.
    pub async fn restart(&mut self, name: &str) -> Result<()> {
        let name = self.process(name)?.name;
        self.spawn(name)?;
        self.until_ready(name).await
    }

    /// Whether a process says it is ready now.
    pub async fn is_ready(&self, name: &str) -> bool {
        match self.processes.get(name) {
            Some(process) => http::get(process.ports.http, "/healthz/ready").await.is_ok(),
            None => false,
        }
    }

    /// Whether a process says that it lives: that it is not to be killed.
    pub async fn is_alive(&self, name: &str) -> bool {
        http::get(self.http(name), "/healthz/live").await.is_ok()
    }

    /// Whether a process says that it has started.
    pub async fn has_started(&self, name: &str) -> bool {
        http::get(self.http(name), "/healthz/startup").await.is_ok()
    }

    /// Where a process tells how it is.
    pub fn http(&self, name: &str) -> SocketAddr {
        let process = self.processes.get(name);
        process.map_or_else(|| ([127, 0, 0, 1], 0).into(), |process| process.ports.http)
    }

    /// What a process counts.
    pub async fn metrics(&self, name: &str) -> Result<String> {
        http::get(self.http(name), "/metrics").await
    }

    /// Whether a process says it is ready now, and what else it says about that.
    pub async fn readiness(&self, name: &str) -> Result<(bool, String)> {
        let process = self.processes.get(name).with_context(|| name.to_owned())?;
        Ok(match http::get(process.ports.http, "/healthz/ready").await {
            Ok(said) => (true, said),
            Err(said) => (false, said.to_string()),
        })
    }

    /// Waits until a running process is ready again.
    pub async fn again_ready(&mut self, name: &str) -> Result<()> {
        self.process(name)?.until_ready().await
    }

    /// Runs a command of the binary beside the processes; answers what it printed.
    pub async fn command(&self, arguments: &[&str], input: &str) -> Result<String> {
        let mut child = self.binary()?;
        child.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = child.spawn()?;
        if let Some(mut stdin) = child.stdin.take() {
            stdin.write_all(input.as_bytes())?;
        }
        let output = tokio::task::spawn_blocking(move || child.wait_with_output()).await??;
        let (out, err) =
            (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        ensure!(output.status.success(), "motcua {} failed: {err}{out}", arguments.join(" "));
        Ok(out.into_owned())
    }

    /// Keys, certificates, schemas and queues, and the sample province's catalog.
    async fn prepare(&self) -> Result<()> {
        if self.topology != Topology::OneProcess {
            self.command(&["tls", "init", &self.certificates().to_string_lossy()], "").await?;
        }
        self.command(&["keys", "init"], "").await?;
        self.command(&["migrate"], "").await?;
        self.command(&["import", "procedures", "--builtin"], "").await?;
        Ok(())
    }

    async fn appoint(&self) -> Result<()> {
        let Administrator { username, name, password } = &self.administrator;
        let arguments =
            ["admin", "create", "--username", username, "--name", name, "--agency", "H53"];
        self.command(&arguments, password).await?;
        Ok(())
    }

    /// The processes, in the order of their names.
    pub fn names(&self) -> Vec<&'static str> {
        self.processes.keys().copied().collect()
    }

    fn process(&mut self, name: &str) -> Result<&mut Process> {
        self.processes.get_mut(name).with_context(|| format!("there is no process {name}"))
    }

    fn binary(&self) -> Result<std::process::Command> {
        let mut binary = process::binary()?;
        binary.arg("--config").arg(&self.config);
        for set in &self.set {
            binary.args(["--set", set]);
        }
        binary.arg("--test-clock").arg(self.now().to_rfc3339());
        Ok(binary)
    }

    fn spawn(&mut self, name: &'static str) -> Result<()> {
        let mut binary = self.binary()?;
        let log = self.dir.path().join(format!("{name}.log"));
        let process = self.process(name)?;
        binary.arg("serve");
        binary.arg("--set").arg(format!("server.grpc={}", process.ports.grpc));
        binary.arg("--set").arg(format!("server.http={}", process.ports.http));
        if name != "motcua" {
            binary.args(["--only", name]);
        }
        process.start(binary, log)
    }

    async fn until_ready(&mut self, name: &'static str) -> Result<()> {
        self.process(name)?.until_ready().await?;
        // Its clock began when it was called, and is late by what the start took.
        match self.processes.get(name) {
            Some(process) => self.tell_time(process).await,
            None => Ok(()),
        }
    }
}

/// The settings of every process: one file, as in a deployment.
fn settings(
    dir: &Path,
    topology: Topology,
    ports: &BTreeMap<&'static str, Ports>,
    backends: Option<&Backends>,
) -> String {
    let mut text = format!("[server]\nmode = \"test\"\ndata = \"{}\"\n", dir.display());
    text.push_str("[telemetry]\nlog = \"info\"\nformat = \"json\"\n");
    let Some(backends) = backends else { return text };
    text.push_str(&backends.settings());
    text.push_str("[peers]\n");
    for service in roles::ALL {
        if let Some(ports) = ports.get(topology.home(service)) {
            text.extend([service, " = \"https://", &ports.grpc.to_string(), "\"\n"]);
        }
    }
    text.push_str("[tls]\ndir = \"{data}/tls\"\n");
    text
}
