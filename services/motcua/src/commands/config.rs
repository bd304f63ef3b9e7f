use std::process::ExitCode;

use motcua_service::Spine;

use crate::{
    cli::{OnlyArgs, SettingsArgs},
    roles, settings,
};

/// The settings in force, secrets hidden.
#[expect(clippy::print_stdout, reason = "a command's answer")]
pub(crate) fn print(args: &SettingsArgs) -> anyhow::Result<ExitCode> {
    println!("{}", settings::load(args)?.print());
    Ok(ExitCode::SUCCESS)
}

/// The JSON Schema of the settings.
#[expect(clippy::print_stdout, reason = "a command's answer")]
pub(crate) fn schema(args: &SettingsArgs) -> anyhow::Result<ExitCode> {
    println!("{:#}", settings::load(args)?.schema());
    Ok(ExitCode::SUCCESS)
}

/// Everything that is wrong with the settings for these services.
#[expect(clippy::print_stdout, reason = "a command's answer")]
pub(crate) fn check(args: &SettingsArgs, only: &OnlyArgs) -> anyhow::Result<ExitCode> {
    let spine = Spine::of(&settings::load(args)?)?;
    let chosen = roles::named(&only.only)?;
    match spine.refuse_unsafe(&chosen, &roles::ALL) {
        Ok(()) => {
            println!("the settings are good for {}", chosen.join(", "));
            Ok(ExitCode::SUCCESS)
        }
        Err(wrong) => anyhow::bail!(wrong.join("\n")),
    }
}
