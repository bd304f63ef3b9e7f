//! The product itself: its settings, what it stands on, and its processes.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail, ensure};
use motcua::roles;
use rustix::process::Signal;

use super::Options;
use crate::{
    runner::bound,
    servers::{PASSWORD, port, process::Process},
};

/// The services with their ports for gRPC and HTTP, those of `compose.yaml`.
const SERVICES: [(&str, u16, u16); 6] = [
    ("identity", 50051, 8081),
    ("catalog", 50052, 8082),
    ("intake", 50053, 8083),
    ("workflow", 50054, 8084),
    ("notification", 50055, 8085),
    ("payment", 50056, 8086),
];
const DATABASE: &str = "motcua";

/// Where one service listens.
pub(super) struct Service {
    pub(super) name: &'static str,
    pub(super) grpc: u16,
    pub(super) http: u16,
}

/// All services, if their ports are free.
pub(super) fn services(shift: u16) -> Result<Vec<Service>> {
    let of = |(name, grpc, http)| {
        let [grpc, http] = port::own(name, [grpc, http], shift)?;
        Ok(Service { name, grpc, http })
    };
    SERVICES.into_iter().map(of).collect()
}

/// The binary with the settings of this folder.
pub(super) struct Product {
    binary: PathBuf,
    pub(super) config: PathBuf,
    logs: PathBuf,
}

impl Product {
    /// Writes the settings anew; `variables` tell where the servers are.
    pub(super) fn configured(
        options: &Options,
        services: &[Service],
        variable: &dyn Fn(&str) -> Result<String>,
    ) -> Result<Self> {
        let binary = std::env::current_exe()?.with_file_name("motcua");
        ensure!(binary.exists(), "{} is missing: run scripts/up", binary.display());
        let data = options.data.join("motcua");
        let logs = options.data.join("logs");
        fs::create_dir_all(&data)?;
        fs::create_dir_all(&logs)?;
        let server = variable("MOTCUA_TEST_PG")?;
        let (_, host) = server.rsplit_once('@').context("PostgreSQL's address has a login")?;
        let (host, _) = host.rsplit_once('/').context("PostgreSQL's address has a database")?;
        let mut text = format!(
            "# Written anew by scripts/up.\n\
             [server]\nmode = \"production\"\ndata = \"{}\"\n\
             [store]\nurl = \"postgres://{{service}}:{PASSWORD}@{host}/{DATABASE}\"\n\
             migrate_on_start = false\n\
             [bus]\nurl = \"{}\"\n[cache]\nurl = \"{}\"\n\
             [files]\nscan = \"required\"\nclamd = \"{}\"\n\
             [keys]\ngenerate = false\n[tls]\ndir = \"{{data}}/tls\"\n\
             [telemetry]\nformat = \"json\"\notlp_endpoint = \"{}\"\n[peers]\n",
            data.display(),
            variable("MOTCUA_TEST_AMQP")?,
            variable("MOTCUA_TEST_REDIS")?,
            variable("MOTCUA_TEST_CLAMD")?,
            super::watch::endpoint(options.shift),
        );
        for Service { name, grpc, .. } in services {
            text.extend([name, " = \"https://127.0.0.1:", &grpc.to_string(), "\"\n"]);
        }
        let config = options.data.join("motcua.toml");
        fs::write(&config, text).with_context(|| config.display().to_string())?;
        Ok(Self { binary, config, logs })
    }

    /// Keys, certificates, schemas with their logins, queues, and the sample province's catalog;
    /// what is there already stays as it is.
    pub(super) fn prepare(&self, postgres: &str, root: &Path) -> Result<()> {
        schemas(postgres, &root.join("scripts/schemas"))?;
        let tls = self.config.with_file_name("motcua").join("tls");
        self.run(&["keys", "init"])?;
        self.run(&["tls", "init", "--once", &tls.to_string_lossy()])?;
        self.run(&["migrate"])?;
        self.run(&["import", "procedures", "--builtin"])
    }

    fn run(&self, words: &[&str]) -> Result<()> {
        let config = self.config.to_string_lossy();
        let words = [&["--config", &config], words].concat();
        finish(&mut bound(&self.binary.to_string_lossy(), &words), "")
    }

    /// Starts one service's process; it is ended with this one.
    pub(super) fn start(&self, service: &Service) -> Result<Process> {
        let mut command = bound(&self.binary.to_string_lossy(), &["--config"]);
        command.arg(&self.config).args(["serve", "--only", service.name]);
        command.arg("--set").arg(format!("server.grpc=127.0.0.1:{}", service.grpc));
        command.arg("--set").arg(format!("server.http=127.0.0.1:{}", service.http));
        command.stdin(Stdio::null());
        Ok(Process::spawn(service.name, command, &self.logs)?.ended_by(Signal::TERM))
    }

    /// What a person types to call the binary with these settings.
    pub(super) fn typed(&self) -> String {
        format!("{} --config {}", self.binary.display(), self.config.display())
    }
}

/// The database with a schema and a login for each service.
fn schemas(postgres: &str, script: &Path) -> Result<()> {
    let make = format!(
        "SELECT 'CREATE DATABASE {DATABASE}' \
         WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '{DATABASE}') \\gexec\n"
    );
    finish(&mut bound("psql", &["--quiet", "--set", "ON_ERROR_STOP=1", postgres]), &make)?;
    let (_, address) = postgres.rsplit_once('@').context("PostgreSQL's address has a login")?;
    let (host, port) = address
        .split_once('/')
        .and_then(|(address, _)| address.split_once(':'))
        .context("PostgreSQL's address has a port")?;
    let mut schemas = bound(&script.to_string_lossy(), &roles::ALL);
    schemas.envs([("PGHOST", host), ("PGPORT", port), ("PGUSER", "postgres")]);
    schemas.envs([("PGPASSWORD", PASSWORD), ("PGDATABASE", DATABASE)]);
    finish(schemas.env("MOTCUA_DATABASE_PASSWORD", PASSWORD), "")
}

/// Runs a command to its end; says what it said if that is a bad one.
fn finish(command: &mut Command, input: &str) -> Result<()> {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(input.as_bytes())?;
    }
    let output = child.wait_with_output()?;
    if !output.status.success() {
        let text = String::from_utf8_lossy(&output.stderr);
        bail!("{:?} failed: {text}", command.get_args().collect::<Vec<_>>());
    }
    Ok(())
}

/// Whether a service is ready for work.
pub(super) fn is_ready(http: u16) -> bool {
    port::answers(http, b"GET /healthz/ready HTTP/1.0\r\n\r\n", b"HTTP/1.0 200")
}
