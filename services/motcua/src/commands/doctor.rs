use std::process::ExitCode;

use super::host;
use crate::{
    cli::{OnlyArgs, SettingsArgs},
    roles,
};

/// Examines what services need. Fails if anything is wrong.
#[expect(clippy::print_stdout, reason = "a command's answer")]
pub(crate) async fn run(args: &SettingsArgs, only: &OnlyArgs) -> anyhow::Result<ExitCode> {
    let host = host(args, &only.only)?;
    let mut findings = roles::probe(&host, &roles::named(&only.only)?).await;
    findings.extend(motcua_service::probe(&host).await);
    for finding in &findings {
        match &finding.wrong {
            None => println!("ok     {}", finding.what),
            Some(wrong) => println!("WRONG  {}: {wrong}", finding.what),
        }
    }
    let well = findings.iter().all(|finding| finding.wrong.is_none());
    Ok(if well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
