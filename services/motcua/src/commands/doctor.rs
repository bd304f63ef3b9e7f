use std::process::ExitCode;

use motcua_service::Spine;

use super::say;
use crate::{
    cli::{OnlyArgs, SettingsArgs},
    doctor::{self, Finding},
    roles, settings,
};

/// Examines what services need. Fails if anything is wrong.
pub(crate) async fn run(args: &SettingsArgs, only: &OnlyArgs) -> anyhow::Result<ExitCode> {
    let spine = Spine::of(&settings::load(args)?)?;
    let findings = Box::pin(doctor::examine(&spine, &roles::named(&only.only)?)).await;
    for finding in &findings {
        say(finding)?;
    }
    let wrong = findings.iter().any(Finding::is_wrong);
    Ok(if wrong { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}
