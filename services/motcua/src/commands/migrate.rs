use std::process::ExitCode;

use super::{host, say};
use crate::{
    cli::{OnlyArgs, SettingsArgs},
    roles,
};

/// Brings schemas up to date and declares queues. May be run again at any time.
pub(crate) async fn run(args: &SettingsArgs, only: &OnlyArgs) -> anyhow::Result<ExitCode> {
    let host = host(args, &only.only)?;
    let chosen = roles::named(&only.only)?;
    for (service, applied) in roles::migrate(&host).await? {
        if !chosen.contains(&service) {
            continue;
        }
        if applied.is_empty() {
            say(format_args!("{service}: up to date"))?;
        } else {
            say(format_args!("{service}: applied {}", applied.join(", ")))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
