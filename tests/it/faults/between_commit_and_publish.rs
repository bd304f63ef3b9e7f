//! The process of intake is killed after an acceptance was committed and before
//! the event went out.

use anyhow::{Result, ensure};
use motcua::demo::story::Story;
use motcua_proto::intake::v1::DossierState;
use motcua_tests::sandbox::Sandbox;

use crate::journey::submitted;

/// The event lies in the outbox over the kill, and starts the process exactly once.
pub(super) async fn starts_once(sandbox: &mut Sandbox, story: &mut Story<'_>) -> Result<()> {
    let intake = sandbox.home("intake");
    let dossier = submitted(story).await?;
    let before = processes(sandbox).await?;
    sandbox.hold_relay(intake, true).await?;
    let accepted = story.accept(&dossier).await?;
    sandbox.kill(intake).await?;
    let waiting = sandbox
        .count(
            "intake",
            "SELECT count(*) FROM outbox \
             WHERE published_at IS NULL AND type = 'motcua.intake.v1.DossierAccepted'",
        )
        .await?;
    ensure!(waiting == 1, "{waiting} acceptances wait in the outbox of the dead process");
    ensure!(processes(sandbox).await? == before, "it was published before the kill");

    sandbox.restart(intake).await?;
    let processing =
        story.until_state(&story.desk, &accepted.name, DossierState::Processing).await?;
    ensure!(processing.code == accepted.code, "the code changed: {processing:?}");
    ensure!(processing.promised_due_time == accepted.promised_due_time, "{processing:?}");
    let closed = story.finish(&accepted.name).await?;
    ensure!(closed.state() == DossierState::Closed, "{closed:?}");
    let started = processes(sandbox).await? - before;
    ensure!(started == 1, "one acceptance started {started} processes");
    Ok(())
}

async fn processes(sandbox: &Sandbox) -> Result<i64> {
    sandbox.count("workflow", "SELECT count(*) FROM process").await
}
