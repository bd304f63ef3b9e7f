use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Result, bail, ensure};
use chrono::TimeDelta;
use clap::{Args, Subcommand};
use motcua_context::{Clock, SystemClock};

use super::say;
use crate::{
    authority::{Authority, Life},
    roles,
};

/// Where every certificate is good besides its service's name.
const HERE: [&str; 3] = ["localhost", "127.0.0.1", "::1"];

/// About certificates.
#[derive(Debug, Clone, Subcommand)]
pub(crate) enum TlsCommand {
    /// Makes an authority and a certificate for each service; overwrites nothing.
    Init(InitArgs),
    /// Makes the certificates anew, with the same names and keys. Services take them up while they run.
    Renew(RenewArgs),
}

/// What to make.
#[derive(Debug, Clone, Args)]
pub(crate) struct InitArgs {
    /// The folder: `ca.crt`, `ca.key`, and `NAME.crt`, `NAME.key` of each service.
    dir: PathBuf,
    /// Whose certificates, by comma; a gateway may be among them. Default: all services.
    #[arg(long, value_delimiter = ',', value_name = "SERVICE", default_values = roles::ALL)]
    services: Vec<String>,
    /// A name or address by which services are reached, `{service}` for the service's; may be repeated.
    #[arg(long, value_name = "HOST")]
    host: Vec<String>,
    /// Ends well where all of them are there already: for a step that may be run again.
    #[arg(long)]
    once: bool,
    #[command(flatten)]
    life: LifeArgs,
}

/// What to renew.
#[derive(Debug, Clone, Args)]
pub(crate) struct RenewArgs {
    /// The folder that `init` made.
    dir: PathBuf,
    /// Whose certificates, by comma. Default: all that are there.
    #[arg(long, value_delimiter = ',', value_name = "SERVICE")]
    services: Vec<String>,
    #[command(flatten)]
    life: LifeArgs,
}

/// How long certificates count.
#[derive(Debug, Clone, Args)]
struct LifeArgs {
    /// For how many days.
    #[arg(long, default_value_t = 90, value_parser = clap::value_parser!(u16).range(1..=825))]
    days: u16,
}

/// Does what was typed.
pub(crate) fn run(command: &TlsCommand) -> Result<ExitCode> {
    match command {
        TlsCommand::Init(args) => init(args)?,
        TlsCommand::Renew(args) => renew(args)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn init(args: &InitArgs) -> Result<()> {
    for service in &args.services {
        require_name(service)?;
        for host in hosts(args, service) {
            let speaks = args.services.contains(&host) && host != *service;
            ensure!(!speaks, "--host {host}: is a service, for which {service} would speak");
        }
    }
    let files = files(&args.dir, &args.services);
    if args.once && files.iter().all(|file| file.exists()) {
        say(format_args!("the certificates are in {} already", args.dir.display()))?;
        return Ok(());
    }
    require_none(&files)?;
    let authority = Authority::make(&args.dir, SystemClock.now())?;
    for service in &args.services {
        authority.issue(service, &hosts(args, service), args.life.begun_now())?;
    }
    say(format_args!(
        "the certificates of {} are in {}, good for {} days; keep ca.key where no service runs",
        args.services.join(", "),
        args.dir.display(),
        args.life.days
    ))?;
    Ok(())
}

fn renew(args: &RenewArgs) -> Result<()> {
    let authority = Authority::open(&args.dir)?;
    let services =
        if args.services.is_empty() { authority.services()? } else { args.services.clone() };
    for service in &services {
        require_name(service)?;
        authority.renew(service, args.life.begun_now())?;
    }
    say(format_args!(
        "the certificates of {} are renewed, good for {} days",
        services.join(", "),
        args.life.days
    ))?;
    Ok(())
}

impl LifeArgs {
    fn begun_now(&self) -> Life {
        let from = SystemClock.now();
        Life { from, until: from + TimeDelta::days(self.days.into()) }
    }
}

fn hosts(args: &InitArgs, service: &str) -> Vec<String> {
    let given = args.host.iter().map(|host| host.replace("{service}", service));
    HERE.iter().map(ToString::to_string).chain(given).collect()
}

/// A service's name is a file's name and a DNS name.
fn require_name(service: &str) -> Result<()> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let named = !service.is_empty() && service != "ca" && service.chars().all(plain);
    ensure!(named, "--services {service}: write small letters, digits and -");
    Ok(())
}

/// What is made for these services.
fn files(dir: &Path, services: &[String]) -> Vec<PathBuf> {
    let names = services.iter().map(String::as_str).chain(["ca"]);
    names.flat_map(|name| ["crt", "key"].map(|kind| dir.join(format!("{name}.{kind}")))).collect()
}

/// Nothing is begun that would have to stop half way.
fn require_none(files: &[PathBuf]) -> Result<()> {
    if let Some(file) = files.iter().find(|file| file.exists()) {
        bail!(
            "{} is there already: renew it with `motcua tls renew`, or choose another folder",
            file.display()
        );
    }
    Ok(())
}
