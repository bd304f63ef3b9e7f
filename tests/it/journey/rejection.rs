//! The desk refuses a dossier and says why.

use anyhow::{Result, ensure};
use motcua::demo::{
    story::Story,
    world::{refused, request_id},
};
use motcua_proto::{
    intake::v1::{
        AcceptDossierRequest, ClockRunning, DossierState, ListTimelineRequest, NationalStatus,
    },
    notification::v1::MessageTopic,
};

use super::acts;

/// The citizen sees the reason and is told; nothing more happens to the dossier.
pub(super) async fn with_reason(story: &mut Story<'_>) -> Result<()> {
    let dossier = acts::submitted(story).await?;
    let name = dossier.name.as_str();
    let reason = format!("Không thuộc đối tượng được hỗ trợ theo quy định.{}", story.mark);
    let rejected = story.reject(name, &reason).await?;
    ensure!(rejected.state() == DossierState::Rejected, "{rejected:?}");

    let seen = story.dossier(&story.citizen, name).await?;
    ensure!(seen.national_status() == NationalStatus::Rejected, "{seen:?}");
    ensure!(seen.end_reason == reason, "the citizen reads «{}»", seen.end_reason);
    ensure!(seen.clock() == ClockRunning::Ended && seen.promised_due_time.is_none(), "{seen:?}");
    let request =
        ListTimelineRequest { dossier: name.to_owned(), ..ListTimelineRequest::default() };
    let mut intake = story.world.intake(&story.citizen);
    let acts = intake.list_timeline(request).await.map_err(refused)?.into_inner().acts;
    let last = acts.last().map(|act| (act.verb.as_str(), act.reason.as_str(), act.actor.as_str()));
    ensure!(last == Some(("reject", reason.as_str(), "")), "the timeline ends with {last:?}");

    let message = story.message(name, MessageTopic::DossierRejected).await?;
    ensure!(message.text.contains(&dossier.code), "which dossier? {}", message.text);
    let request = AcceptDossierRequest { request_id: request_id(), name: name.to_owned() };
    let fault = acts::refusal(story.world.intake(&story.desk).accept_dossier(request).await);
    ensure!(fault.reason() == "DOSSIER_ENDED", "{fault:?}");
    Ok(())
}
