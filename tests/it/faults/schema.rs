//! A schema that a binary cannot run with is refused at the start, in words.

use anyhow::{Result, ensure};
use motcua_tests::sandbox::Sandbox;

/// One that has gone on behind a contract, and one that lacks a step.
pub(super) async fn is_refused(sandbox: &mut Sandbox) -> Result<()> {
    let process = sandbox.home("intake");
    sandbox.kill(process).await?;
    sandbox
        .tamper("intake", "INSERT INTO migrations VALUES ('m29991231_000001_later', true, 'then')")
        .await?;
    refuses(sandbox, process, "which this version cannot run with: upgrade it").await?;
    sandbox
        .tamper("intake", "UPDATE migrations SET contract = false WHERE name LIKE 'm2999%'")
        .await?;
    sandbox.restart(process).await?;

    if sandbox.backends().is_some() {
        // Where a process does not migrate by itself.
        sandbox.kill(process).await?;
        sandbox
            .tamper("intake", "CREATE TABLE kept AS SELECT * FROM migrations; DELETE FROM migrations WHERE name LIKE '%retention'")
            .await?;
        refuses(sandbox, process, "run `motcua migrate` first").await?;
        sandbox
            .tamper("intake", "DELETE FROM migrations; INSERT INTO migrations SELECT * FROM kept; DROP TABLE kept")
            .await?;
        sandbox.restart(process).await?;
    }
    sandbox.tamper("intake", "DELETE FROM migrations WHERE name LIKE 'm2999%'").await
}

async fn refuses(sandbox: &mut Sandbox, process: &str, words: &str) -> Result<()> {
    let Err(refused) = sandbox.restart(process).await else {
        anyhow::bail!("{process} started where it had to refuse: {words}");
    };
    let refused = format!("{refused:#}");
    ensure!(refused.contains(words), "{refused}");
    // It has ended by itself; what is left of it is taken away.
    let _ = sandbox.kill(process).await;
    Ok(())
}
