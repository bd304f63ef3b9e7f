//! Workflow is stopped: intake answers all the same, and what it said waits.

use anyhow::{Result, ensure};
use motcua::demo::story::Story;
use motcua_proto::intake::v1::DossierState;
use motcua_tests::sandbox::Sandbox;

use crate::journey::submitted;

/// Citizens file and desks accept; the work begins when workflow is back.
pub(super) async fn the_others_answer(sandbox: &mut Sandbox, story: &mut Story<'_>) -> Result<()> {
    ensure!(sandbox.stop("workflow").await?, "workflow did not end well");
    ensure!(sandbox.is_ready("intake").await, "intake is not ready without workflow");
    let dossier = submitted(story).await?;
    let accepted = story.accept(&dossier).await?;
    ensure!(accepted.promised_due_time.is_some(), "no appointment: {accepted:?}");
    let seen = story.dossier(&story.citizen, &accepted.name).await?;
    ensure!(seen.state() == DossierState::Accepted, "{seen:?}");

    sandbox.restart("workflow").await?;
    story.until_state(&story.citizen, &accepted.name, DossierState::Processing).await?;
    let closed = story.finish(&accepted.name).await?;
    ensure!(closed.state() == DossierState::Closed, "{closed:?}");
    Ok(())
}
