use std::{process::ExitCode, sync::Arc};

use motcua_context::{Clock, SystemClock};
use motcua_files::ScanPolicy;
use motcua_service::{Mode, Spine, TestControls};
use motcua_telemetry::Program;
use tokio::signal::unix::{SignalKind, signal};

use super::host_on;
use crate::{
    cli::{ServeArgs, SettingsArgs},
    roles, settings,
};

/// Runs services until the process is told to stop.
pub(crate) async fn run(args: &SettingsArgs, serve: &ServeArgs) -> anyhow::Result<ExitCode> {
    let spine = Spine::of(&settings::load(args)?)?;
    let names = roles::named(&serve.only.only)?;
    let program = Program {
        name: match names[..] {
            [one] => format!("motcua-{one}"),
            _ => "motcua".to_owned(),
        },
        version: env!("CARGO_PKG_VERSION").to_owned(),
        instance: std::process::id().to_string(),
    };
    let _telemetry = motcua_telemetry::init(&spine.telemetry.0, &program)?;
    let controls = test_controls(serve.test_clock, spine.server.mode)?;
    let clock: Arc<dyn Clock> = match &controls {
        Some(controls) => controls.clock.clone(),
        None => Arc::new(SystemClock),
    };
    let mut host = host_on(args, &serve.only.only, clock)?;
    if let Some(controls) = controls {
        host = host.with_test_controls(controls);
    }
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

fn test_controls(asked: bool, mode: Mode) -> anyhow::Result<Option<TestControls>> {
    match (asked, mode) {
        (false, _) => Ok(None),
        (true, Mode::Test) => Ok(Some(TestControls::default())),
        (true, _) => anyhow::bail!("--test-clock: only where server.mode is test"),
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
