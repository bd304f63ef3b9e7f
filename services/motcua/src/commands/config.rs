use std::process::ExitCode;

use super::say;
use crate::{
    cli::{OnlyArgs, SettingsArgs},
    roles, settings,
};

/// The settings in force, secrets hidden.
pub(crate) fn print(args: &SettingsArgs) -> anyhow::Result<ExitCode> {
    say(settings::load(args)?.print())?;
    Ok(ExitCode::SUCCESS)
}

/// The JSON Schema of the settings.
pub(crate) fn schema(args: &SettingsArgs) -> anyhow::Result<ExitCode> {
    say(format_args!("{:#}", settings::load(args)?.schema()))?;
    Ok(ExitCode::SUCCESS)
}

/// Everything that is wrong with the settings for these services.
pub(crate) fn check(args: &SettingsArgs, only: &OnlyArgs) -> anyhow::Result<ExitCode> {
    let settings = settings::load(args)?;
    let chosen = roles::named(&only.only)?;
    let wrong = settings::refused(&settings, &chosen)?;
    anyhow::ensure!(wrong.is_empty(), wrong.join("\n"));
    say(format_args!("the settings are good for {}", chosen.join(", ")))?;
    Ok(ExitCode::SUCCESS)
}
