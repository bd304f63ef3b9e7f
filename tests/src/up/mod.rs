//! The product as it is deployed, on a developer's machine and without containers: PostgreSQL,
//! RabbitMQ, Redis and ClamAV of Debian, a collector of traces, Prometheus, and one process a
//! service, as compose.yaml has it. Data stays in a folder; everything stops with this process.

mod product;
mod watch;

use std::{
    io::{self, Write},
    path::PathBuf,
    time::Duration,
};

use anyhow::{Context, Result};
use clap::Parser;
use tokio::signal::unix::{SignalKind, signal};

use crate::servers::{PASSWORD, Servers, process::Process};
use product::{Product, Service};

/// How often is looked whether everything still runs.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// What can be typed.
#[derive(Debug, Clone, Parser)]
#[command(
    name = "scripts/up",
    about = "Starts the whole product for developers, without containers."
)]
pub struct Options {
    /// Where data, keys and logs are kept; made where it is missing.
    #[arg(long, value_name = "FOLDER", env = "MOTCUA_UP_DATA")]
    data: PathBuf,
    /// Moves every port by so many: for a second one, or where ports are taken.
    #[arg(long, value_name = "N", default_value_t = 0)]
    shift: u16,
    /// The interpreter with the packages of `tests/requirements.txt`.
    #[arg(long, value_name = "PROGRAM", env = "MOTCUA_TEST_PYTHON", hide = true)]
    python: PathBuf,
    /// The repository.
    #[arg(long, value_name = "FOLDER", env = "MOTCUA_UP_ROOT", hide = true)]
    root: PathBuf,
}

/// What runs. Dropping it stops the services first, then what they stand on.
struct Up {
    services: Vec<Process>,
    watchers: [Process; 2],
    servers: Servers,
}

/// Starts everything, says where it is, and stops it when told to: by Ctrl-C, by a signal, or by
/// the terminal's end.
///
/// # Errors
/// Something does not start, or has ended by itself; the message ends with its log.
pub async fn run(mut options: Options) -> Result<()> {
    options.data = std::path::absolute(options.data)?;
    let (mut up, told_where) = start(&options)?;
    // From here on signals are for us alone; before, they end this process, and all others with it.
    let mut told = [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()]
        .map(signal)
        .into_iter()
        .collect::<io::Result<Vec<_>>>()?;
    writeln!(io::stdout(), "{told_where}")?;
    let [interrupt, terminate, hangup] = &mut told[..] else { return Ok(()) };
    let ended = loop {
        tokio::select! {
            _ = interrupt.recv() => break Ok(()),
            _ = terminate.recv() => break Ok(()),
            _ = hangup.recv() => break Ok(()),
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
        if let Err(error) = up.check() {
            break Err(error);
        }
    };
    // Nobody may be there to read it.
    let _ = writeln!(io::stdout(), "stopping");
    up.services.iter_mut().for_each(Process::ask);
    drop(up);
    ended
}

fn start(options: &Options) -> Result<(Up, String)> {
    // Everything that is taken is told before anything is started.
    let services = product::services(options.shift)?;
    let servers = Servers::lasting(options.data.clone(), options.shift)?;
    let place = servers.place();
    let watchers = [
        watch::collector(place, &options.python)?,
        watch::prometheus(place, &services, &options.root)?,
    ];
    let variable = |name: &str| {
        let mut all = servers.variables();
        let found = all.find(|(known, _)| *known == name).map(|(_, value)| value);
        found.with_context(|| name.to_owned())
    };
    let product = Product::configured(options, &services, &variable)?;
    product.prepare(&variable("MOTCUA_TEST_PG")?, &options.root)?;
    let mut processes =
        services.iter().map(|service| product.start(service)).collect::<Result<Vec<_>>>()?;
    for (process, service) in processes.iter_mut().zip(&services) {
        process.wait_for(|| product::is_ready(service.http))?;
    }
    let told = tell(options, &services, &product, &servers);
    Ok((Up { services: processes, watchers, servers }, told))
}

impl Up {
    /// Refuses if something has ended by itself.
    fn check(&mut self) -> Result<()> {
        self.services.iter_mut().chain(&mut self.watchers).try_for_each(Process::check)?;
        self.servers.check()
    }
}

/// Where everything is, and what to do first.
fn tell(options: &Options, services: &[Service], product: &Product, servers: &Servers) -> String {
    let mut lines: Vec<_> = services
        .iter()
        .map(|Service { name, grpc, http }| {
            format!("{name:<13} https://127.0.0.1:{grpc}  http://127.0.0.1:{http}/healthz/ready")
        })
        .collect();
    lines.extend(servers.addresses().map(|(name, address)| format!("{name:<13} {address}")));
    let page = 15672_u16.saturating_add(options.shift);
    let data = options.data.display();
    lines.push(format!(
        "RabbitMQ      http://127.0.0.1:{page}  motcua, {PASSWORD}\n\
         dashboard     {}/consoles/motcua.html\n\
         traces        {}, written to {data}/collector/collector.log\n\
         data, logs    {data}; those who call trust {data}/motcua/tls/ca.crt\n\
         ClamAV knows nothing but the EICAR test text here.\n\n\
         The first administrator, once:\n  {} admin create --username quantri \\\n    \
         --name \"Quản trị hệ thống\" --agency H53\n\n\
         up; Ctrl-C stops everything, and the data stays",
        watch::page(options.shift),
        watch::endpoint(options.shift),
        product.typed(),
    ));
    lines.join("\n")
}
