use std::{process::ExitCode, time::Duration};

use anyhow::Context;
use motcua_context::{Clock, SystemClock};
use motcua_spine::Spine;

use super::{say, test_controls};
use crate::{
    cli::{DoctorArgs, SettingsArgs},
    doctor::{
        self, Finding,
        consistency::{Report, prove},
    },
    roles, settings,
};

/// Examines what services need, or what they hold. Fails if anything is wrong.
pub(crate) async fn run(args: &SettingsArgs, doctor: &DoctorArgs) -> anyhow::Result<ExitCode> {
    if doctor.consistency {
        return Box::pin(consistency(args, doctor)).await;
    }
    let settings = settings::load(args)?;
    let spine = Spine::of(&settings)?;
    let chosen = roles::named(&doctor.only.only)?;
    let unsafe_settings = settings::refused(&settings, &chosen)?;
    let now = SystemClock.now();
    let examined = doctor::examine(&settings, &spine, unsafe_settings, &chosen, now);
    let findings = Box::pin(examined).await;
    for finding in &findings {
        say(finding)?;
    }
    Ok(ended(findings.iter().any(Finding::is_wrong)))
}

async fn consistency(args: &SettingsArgs, doctor: &DoctorArgs) -> anyhow::Result<ExitCode> {
    let settings = settings::load(args)?;
    let spine = Spine::of(&settings)?;
    let now = match test_controls(args, &settings)? {
        Some(controls) => controls.clock.now(),
        None => SystemClock.now(),
    };
    let look = async || -> anyhow::Result<Report> {
        prove(&spine, now).await.context("the stores cannot all be read: see `motcua doctor`")
    };
    let mut report = look().await?;
    if report.is_wrong() && doctor.settle > 0 {
        tokio::time::sleep(Duration::from_secs(doctor.settle)).await;
        report = look().await?.seen_again(&report);
    }
    if doctor.json {
        say(report.json())?;
    } else {
        for line in report.lines() {
            say(line)?;
        }
    }
    Ok(ended(report.is_wrong()))
}

const fn ended(wrong: bool) -> ExitCode {
    if wrong { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
