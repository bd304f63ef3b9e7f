//! A procedure changes while dossiers of it are on their way.

use anyhow::{Context, Result, ensure};
use motcua::demo::{cast::Signed, story::Story, world::refused};
use motcua_proto::{
    access::v1::Role,
    catalog::v1::{GetAgencyRequest, ProcedureVersion},
    intake::v1::DossierState,
};

use super::{acts, charged};

/// How the second step is called from now on.
const RENAMED: &str = "Thẩm định theo quy trình mới";

/// What runs keeps its version and its process; what is filed from now on has the new one.
pub(super) async fn leaves_what_runs_alone(story: &mut Story<'_>) -> Result<()> {
    let running = acts::submitted(story).await?;
    story.accept(&running).await?;
    let task = story.assign(&running.name).await?;
    let begun = acts::drafted(story).await?;
    ensure!(begun.procedure_version == running.procedure_version, "both of the old version");

    let editor = editor(story).await?;
    let version = publish(story, &editor).await?;
    ensure!(version.name != running.procedure_version, "it has a name of its own");

    let seen = story.dossier(&story.citizen, &running.name).await?;
    ensure!(seen.procedure_version == running.procedure_version, "the running one moved: {seen:?}");
    let steps = steps(story, &running.name).await?;
    ensure!(!steps.contains(&RENAMED.to_owned()), "its process moved: {steps:?}");

    story.draft_result(&task.name, "soạn quyết định").await?;
    story.approve(&running.name).await?;
    story.return_result(&running.name).await?;
    let closed = story.close(&running.name).await?;
    ensure!(closed.procedure_version == running.procedure_version, "{closed:?}");

    // Begun under the old one, filed after the change.
    let filed = story.submit(&begun.name).await?;
    ensure!(filed.procedure_version == version.name, "filed under {}", filed.procedure_version);
    let fresh = acts::submitted(story).await?;
    ensure!(fresh.procedure_version == version.name, "filed under {}", fresh.procedure_version);
    story.accept(&fresh).await?;
    let closed = story.finish(&fresh.name).await?;
    ensure!(closed.state() == DossierState::Closed, "{closed:?}");
    let steps_of_new = self::steps(story, &fresh.name).await?;
    ensure!(steps_of_new.contains(&RENAMED.to_owned()), "its process is old: {steps_of_new:?}");
    Ok(())
}

async fn editor(story: &Story<'_>) -> Result<Signed> {
    let request =
        GetAgencyRequest { identifier_code: "H53".to_owned(), ..GetAgencyRequest::default() };
    let province = story.world.catalog().get_agency(request).await.map_err(refused)?.into_inner();
    story.appoint(Role::CatalogEditor, &province.name, "danhmuc.lan", "Vũ Ngọc Lan").await
}

/// The same procedure with a renamed step.
async fn publish(story: &Story<'_>, editor: &Signed) -> Result<ProcedureVersion> {
    charged::publish(story, editor, "process", |content| {
        let process = content.process.as_mut().context("a procedure without a process")?;
        RENAMED.clone_into(&mut process.steps[1].display_name);
        Ok(())
    })
    .await
}

async fn steps(story: &Story<'_>, dossier: &str) -> Result<Vec<String>> {
    Ok(story.process(dossier).await?.steps.into_iter().map(|step| step.display_name).collect())
}
