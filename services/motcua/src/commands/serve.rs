use std::process::ExitCode;

use motcua_files::ScanPolicy;
use motcua_ids::Uuid;
use motcua_spine::Spine;
use motcua_telemetry::Program;
use tokio::signal::unix::{SignalKind, signal};

use super::host_with;
use crate::{
    cli::{OnlyArgs, SettingsArgs},
    roles, settings,
};

/// Runs services until the process is told to stop.
pub(crate) async fn run(args: &SettingsArgs, only: &OnlyArgs) -> anyhow::Result<ExitCode> {
    let settings = settings::load(args)?;
    let spine = Spine::of(&settings)?;
    let names = roles::named(&only.only)?;
    let program = Program {
        name: match names[..] {
            [one] => format!("motcua-{one}"),
            _ => "motcua".to_owned(),
        },
        version: env!("CARGO_PKG_VERSION").to_owned(),
        // Every pod has a process 1.
        instance: Uuid::from_bytes(rand::random()).to_string(),
    };
    let _telemetry = motcua_telemetry::init(&spine.telemetry.0, &program)?;
    let mut host = host_with(settings, args, &names)?;
    roles::mount(&mut host).await?;
    let running = host.start().await?;
    if spine.files.scan == ScanPolicy::Off {
        tracing::warn!("papers are not scanned: files.scan is off, good for trying out alone");
    }
    tracing::info!(
        services = names.join(","),
        grpc = %running.grpc(),
        http = %running.http(),
        "serving"
    );
    let broken = tokio::select! {
        told = stopped() => told.map(|()| false)?,
        () = running.broken() => true,
    };
    tracing::info!(grace_s = spine.server.grace_s, "stopping");
    if running.stop().await {
        Ok(if broken { ExitCode::FAILURE } else { ExitCode::SUCCESS })
    } else {
        anyhow::bail!("work in progress did not end within server.grace_s and was given up")
    }
}

async fn stopped() -> anyhow::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    Ok(())
}
