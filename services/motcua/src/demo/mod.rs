//! The demonstration: one dossier's whole way, through the real services over real gRPC.
//!
//! [`story`] is what happens and knows nothing of where the services run: tests
//! tell the same story to one process and to many.

pub mod cast;
mod form;
mod papers;
pub mod story;
pub mod teller;
mod words;
pub mod world;

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use anyhow::{Context, bail, ensure};
use clap::Args;
use motcua_catalog::Catalog;
use motcua_config::Settings;
use motcua_context::SystemClock;
use motcua_identity::Identity;
use motcua_service::{Host, Running};

use crate::{
    cli::SettingsArgs,
    commands::{admin, import},
    roles, settings,
};
use cast::Administrator;
use teller::Teller;
use world::World;

/// The sample province.
const PROVINCE: &str = "H53";
/// Says that a folder is a demonstration's, and may be emptied.
const MARK: &str = ".motcua-demo";

/// How to show it.
#[derive(Debug, Clone, Args)]
pub struct DemoArgs {
    /// The folder of the demonstration's data; what an earlier one left there is removed.
    #[arg(long, default_value = "motcua-demo", value_name = "DIR")]
    pub data: PathBuf,
    /// One JSON object a line, for programs.
    #[arg(long)]
    pub json: bool,
}

/// Shows the main job. Fails if any step does.
pub async fn run(settings: &SettingsArgs, args: &DemoArgs) -> anyhow::Result<ExitCode> {
    // It must never act on what other settings name: somebody's database.
    ensure!(
        *settings == SettingsArgs::default(),
        "demo takes no --config, --set and --test-clock: it runs on the defaults, in a folder of \
         its own"
    );
    let mut teller = Teller::new(args.json);
    empty(&args.data)?;
    let (running, administrator) = start(&args.data).await?;
    let address = format!("http://{}", running.grpc());
    teller.begin(&address, &format!("http://{}", running.http()));
    let world = World::of_one(&address)?;
    let told = Box::pin(story::tell(&world, &administrator, &mut teller)).await;
    match &told {
        Ok(ending) => {
            let program = std::env::args().next().unwrap_or_else(|| "motcua".to_owned());
            teller.end(&program, &args.data, ending, &administrator);
        }
        Err(error) => teller.fail(error),
    }
    running.stop().await;
    Ok(if told.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Starts all services on free ports, with the product's own catalog and one administrator.
async fn start(data: &Path) -> anyhow::Result<(Running, Administrator)> {
    let settings = demo_settings(data)?;
    let mut host = Host::new(settings, &roles::ALL, &roles::ALL, Arc::new(SystemClock))?;
    roles::mount(&mut host).await?;
    import::builtin(&host.env_of::<Catalog>().await?, &host.config_of::<Catalog>()?).await?;
    let (identity, config) = (host.env_of::<Identity>().await?, host.config_of::<Identity>()?);
    let running = host.start().await?;
    let administrator = Administrator::named("quantri", "Quản trị hệ thống");
    admin::make(&identity, config, &administrator, PROVINCE).await?;
    Ok((running, administrator))
}

fn demo_settings(data: &Path) -> anyhow::Result<Settings> {
    let data = data.to_str().context("--data: the folder's name is not UTF-8")?;
    let set = [
        format!("server.data={data}"),
        "server.grpc=127.0.0.1:0".to_owned(),
        "server.http=127.0.0.1:0".to_owned(),
    ];
    Ok(settings::only(&set)?)
}

/// An empty folder with the mark. Never one that is somebody else's.
fn empty(data: &Path) -> anyhow::Result<()> {
    let mark = data.join(MARK);
    if data.exists() {
        if !mark.exists() && data.read_dir()?.next().is_some() {
            bail!("--data {}: the folder is not a demonstration's and not empty", data.display());
        }
        std::fs::remove_dir_all(data)?;
    }
    std::fs::create_dir_all(data)?;
    std::fs::write(mark, "")?;
    Ok(())
}
