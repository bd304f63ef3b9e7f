use std::{io, path::Path, process::ExitCode};

use anyhow::{Context, bail};
use motcua_catalog::{Catalog, Format, Instructions, Outcome, Report, config::Config};
use motcua_context::{Actor, Cause, Ctx, System};
use motcua_ids::Uuid;
use motcua_service::{Env, Module};
use motcua_spine::Spine;

use super::{host, say};
use crate::{
    cli::{ImportArgs, SettingsArgs},
    roles, settings,
};

/// Imports a file or the product's own catalog. Says what became of every row
/// that is bad or suspicious; fails if any is bad, and then nothing is imported.
pub(crate) async fn run(args: &SettingsArgs, import: &ImportArgs) -> anyhow::Result<ExitCode> {
    let settings = settings::load(args)?;
    let memory = Spine::of(&settings)?.bus.is_memory();
    let only = if memory { Vec::new() } else { vec![Catalog::NAME.to_owned()] };
    let instructions = Instructions {
        format: format(import)?,
        publish: import.publish || import.builtin,
        dry_run: import.dry_run,
    };
    let bytes = match &import.file {
        Some(file) => {
            std::fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?
        }
        None => motcua_catalog::builtin().into_bytes(),
    };
    let mut host = host(args, &only)?;
    // Brings the schema up to date, or says that `motcua migrate` has to.
    roles::mount(&mut host).await?;
    let (env, config) = (host.env_of::<Catalog>().await?, host.config_of::<Catalog>()?);
    let report = do_import(&env, &config, instructions, &bytes).await?;
    tell(&report)?;
    let good = report.bad().next().is_none();
    Ok(if good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// A line for each row that is bad or suspicious, and one for all.
fn tell(report: &Report) -> io::Result<()> {
    for row in &report.rows {
        if let Err(why) = &row.outcome {
            say(format_args!("BAD   {} {}: {why}", row.position, row.key))?;
        }
        for flag in &row.flags {
            let (path, text) = (&flag.path, &flag.text);
            say(format_args!("CHECK {} {} {path}: {text}", row.position, row.key))?;
        }
    }
    let count = |outcome| report.count(outcome);
    say(format_args!(
        "{} created, {} updated, {} unchanged, {} bad{}",
        count(Outcome::Created),
        count(Outcome::Updated),
        count(Outcome::Unchanged),
        report.bad().count(),
        if report.imported { "" } else { ": nothing was imported" }
    ))
}

/// Imports the sample province with its real procedures, all published.
pub(crate) async fn builtin(env: &Env, config: &Config) -> anyhow::Result<usize> {
    let instructions = Instructions { format: Format::Yaml, publish: true, dry_run: false };
    let bytes = motcua_catalog::builtin();
    let report = do_import(env, config, instructions, bytes.as_bytes()).await?;
    if let Some(bad) = report.bad().next() {
        bail!("the product's own catalog: {} {:?}", bad.key, bad.outcome);
    }
    Ok(report.rows.len())
}

async fn do_import(
    env: &Env,
    config: &Config,
    instructions: Instructions,
    bytes: &[u8],
) -> anyhow::Result<Report> {
    let id = Uuid::from_bytes(rand::random());
    let ctx = Ctx::new(Actor::System(System::service(Catalog::NAME)), env.clock.now())
        .with_cause(Cause::Command { id });
    Ok(motcua_catalog::import(config, env, &ctx, instructions, bytes).await?)
}

fn format(import: &ImportArgs) -> anyhow::Result<Format> {
    let Some(file) = &import.file else { return Ok(Format::Yaml) };
    let extension = Path::new(file).extension().and_then(|e| e.to_str()).unwrap_or_default();
    Ok(match (extension, import.national) {
        ("json", true) => Format::NationalJson,
        (_, true) => bail!("--national: the national database gives JSON; name a .json file"),
        ("yaml" | "yml", false) => Format::Yaml,
        ("json", false) => Format::Json,
        ("csv", false) => Format::Csv,
        ("xlsx", false) => Format::Xlsx,
        _ => bail!("{}: name a file that ends in .yaml, .json, .csv or .xlsx", file.display()),
    })
}
