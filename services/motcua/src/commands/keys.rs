use std::{path::PathBuf, process::ExitCode, time::Duration};

use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use motcua_keys::ServiceKeys;
use motcua_sealing::{Keyring, Rotation};
use motcua_spine::Spine;

use super::{host, say};
use crate::{
    cli::{OnlyArgs, SettingsArgs},
    roles, settings,
};

/// What is done with keys.
#[derive(Debug, Subcommand)]
pub(crate) enum KeysCommand {
    /// Makes what is missing in a folder of keys, and changes nothing that is there.
    Init {
        /// The folder; default `keys.dir` of the settings.
        dir: Option<PathBuf>,
    },
    /// Exchanges the keys that seal personal data, while the services run. What was
    /// broken off goes on where it was.
    Rotate(RotateArgs),
    /// Tells how far the exchange is, and what old keys are still needed for.
    Status(OnlyArgs),
    /// Takes the old keys away; refuses while anything needs them.
    Retire(OnlyArgs),
}

/// How keys are exchanged.
#[derive(Debug, Clone, Args)]
pub(crate) struct RotateArgs {
    #[command(flatten)]
    only: OnlyArgs,
    /// How long every process may take to learn of a changed key file, in seconds. A process
    /// looks every five; a Secret of Kubernetes reaches its pods within two minutes.
    #[arg(long, default_value_t = 15, value_name = "SECONDS")]
    settle: u64,
}

pub(crate) async fn run(args: &SettingsArgs, asked: KeysCommand) -> anyhow::Result<ExitCode> {
    match asked {
        KeysCommand::Init { dir } => init(args, dir),
        KeysCommand::Rotate(asked) => rotate(args, &asked).await,
        KeysCommand::Status(only) => status(args, &only).await,
        KeysCommand::Retire(only) => retire(args, &only).await,
    }
}

/// Makes the keys that are missing: of every service what it signs with, what
/// the others know it by, and what seals its data.
fn init(args: &SettingsArgs, dir: Option<PathBuf>) -> anyhow::Result<ExitCode> {
    let dir = match dir {
        Some(dir) => dir,
        None => Spine::of(&settings::load(args)?)?.keys_dir(),
    };
    let keys = ServiceKeys::new(&dir, true);
    for service in roles::ALL {
        keys.identity(service)?;
        keys.keyring(service)?;
    }
    say(format_args!(
        "the keys of {} are in {}; keep a copy where the data is not: without them it cannot be read",
        roles::ALL.join(", "),
        dir.display()
    ))?;
    Ok(ExitCode::SUCCESS)
}

/// One ring and the file it is kept in.
struct Ring {
    service: &'static str,
    path: PathBuf,
    keyring: Keyring,
}

fn rings(args: &SettingsArgs, only: &OnlyArgs) -> anyhow::Result<Vec<Ring>> {
    let keys = ServiceKeys::new(Spine::of(&settings::load(args)?)?.keys_dir(), false);
    let of = |service| {
        let path = keys.keyring_path(service);
        let ring = Keyring::load(&path)?;
        Ok(Ring { service, path, keyring: ring })
    };
    roles::named(&only.only)?.into_iter().map(of).collect()
}

/// Each step is in force everywhere before the next: see [`Rotation`].
async fn rotate(args: &SettingsArgs, asked: &RotateArgs) -> anyhow::Result<ExitCode> {
    let mut rings = rings(args, &asked.only)?;
    if let Some(Ring { service, .. }) =
        rings.iter().find(|ring| ring.keyring.rotation() == Rotation::Changed)
    {
        bail!("{service}: the old keys of the last time are still there: run `motcua keys retire`");
    }
    while rings.iter().any(|ring| ring.keyring.rotation() != Rotation::Changed) {
        for Ring { service, path, keyring: ring } in &mut rings {
            if ring.rotation() == Rotation::Changed {
                continue;
            }
            let next = ring.advanced();
            next.save(path)?;
            let told = match next.rotation() {
                Rotation::Announced => "new keys open",
                Rotation::IndexChanged => "the new index key blinds",
                _ => "the new data key seals",
            };
            say(format_args!("{service}: {told}"))?;
            *ring = next;
        }
        tokio::time::sleep(Duration::from_secs(asked.settle)).await;
    }
    say("the services seal anew what is there; keep a copy of the key files; when `motcua keys \
         status` finds nothing left, run `motcua keys retire`")?;
    Ok(ExitCode::SUCCESS)
}

async fn status(args: &SettingsArgs, only: &OnlyArgs) -> anyhow::Result<ExitCode> {
    for Ring { service, keyring: ring, .. } in rings(args, only)? {
        let told = match ring.rotation() {
            Rotation::None => "one key".to_owned(),
            Rotation::Changed => match needed(args, service).await? {
                needed if needed.is_empty() => "nothing needs the old keys".to_owned(),
                needed => format!("the old keys are needed for {}", needed.join(", ")),
            },
            Rotation::Announced | Rotation::IndexChanged => {
                "an exchange was begun and not ended: run `motcua keys rotate`".to_owned()
            }
        };
        let key = ring.data().current().id();
        say(format_args!("{service}: key {key}; {told}"))?;
    }
    Ok(ExitCode::SUCCESS)
}

async fn retire(args: &SettingsArgs, only: &OnlyArgs) -> anyhow::Result<ExitCode> {
    let mut code = ExitCode::SUCCESS;
    for Ring { service, path, keyring: ring } in rings(args, only)? {
        match ring.rotation() {
            Rotation::None => {
                say(format_args!("{service}: there are no old keys"))?;
                continue;
            }
            Rotation::Changed => {}
            Rotation::Announced | Rotation::IndexChanged => {
                bail!("{service}: the exchange has not ended: run `motcua keys rotate`")
            }
        }
        let needed = needed(args, service).await?;
        if needed.is_empty() {
            ring.advanced().save(&path)?;
            say(format_args!("{service}: the old keys are gone"))?;
        } else {
            let needed = needed.join(", ");
            say(format_args!("{service}: the old keys stay: needed for {needed}"))?;
            code = ExitCode::FAILURE;
        }
    }
    Ok(code)
}

/// What old keys are needed for: columns and files with how many.
async fn needed(args: &SettingsArgs, service: &'static str) -> anyhow::Result<Vec<String>> {
    let host = host(args, &[service.to_owned()])?;
    let (env, columns) = roles::sealed(&host, service).await?;
    let mut needed = Vec::new();
    for column in columns {
        let place = format!("{}.{}", column.table, column.column);
        let count = column.sealed_before(&env.store, &env.keyring).await;
        match count.with_context(|| place.clone())? {
            0 => {}
            rows => needed.push(format!("{rows} rows of {place}")),
        }
    }
    match env.files.sealed_before().await?.len() {
        0 => {}
        files => needed.push(format!("{files} files")),
    }
    Ok(needed)
}
