use std::{path::PathBuf, process::ExitCode};

use motcua_service::{ServiceKeys, Spine};

use super::say;
use crate::{cli::SettingsArgs, roles, settings};

/// Makes the keys that are missing: of every service what it signs with, what
/// the others know it by, and what seals its data.
pub(crate) fn init(args: &SettingsArgs, dir: Option<PathBuf>) -> anyhow::Result<ExitCode> {
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
