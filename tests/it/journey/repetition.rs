//! The same request again, ten times at once, and with something else in it.

use std::collections::BTreeSet;

use anyhow::{Result, ensure};
use futures::future::join_all;
use motcua::demo::{
    story::Story,
    world::{refused, request_id},
};
use motcua_proto::{
    intake::v1::{
        CreateDossierRequest, Dossier, FilingChannel, ListDossiersRequest, ListTimelineRequest,
        SubmitDossierRequest,
    },
    notification::v1::{MessageChannel, MessageTopic},
};

use super::acts;

const TIMES: usize = 10;

/// One dossier, one code, one message; another payload under the same id is refused.
pub(super) async fn is_once(story: &mut Story<'_>) -> Result<()> {
    one_draft(story).await?;
    let (dossier, other) = (acts::drafted(story).await?, acts::drafted(story).await?);
    let request = SubmitDossierRequest {
        request_id: request_id(),
        name: dossier.name.clone(),
        ..SubmitDossierRequest::default()
    };
    let intake = story.world.intake(&story.citizen);
    let answers = join_all((0..TIMES).map(|_| {
        let (mut intake, request) = (intake.clone(), request.clone());
        async move { intake.submit_dossier(request).await }
    }))
    .await;
    let mut codes = BTreeSet::new();
    for answer in answers {
        codes.insert(answer.map_err(refused)?.into_inner().code);
    }
    ensure!(codes.len() == 1 && !codes.contains(""), "ten submissions, codes {codes:?}");
    let again = intake.clone().submit_dossier(request.clone()).await.map_err(refused)?.into_inner();
    ensure!(codes.contains(&again.code), "later the code is {}", again.code);
    let timeline =
        ListTimelineRequest { dossier: dossier.name.clone(), ..ListTimelineRequest::default() };
    let acts = intake.clone().list_timeline(timeline).await.map_err(refused)?.into_inner().acts;
    let times = acts.iter().filter(|act| act.verb == "submit").count();
    ensure!(times == 1, "it was submitted {times} times: {acts:#?}");
    story.message(&dossier.name, MessageTopic::DossierSubmitted).await?;

    let changed = SubmitDossierRequest { name: other.name.clone(), ..request };
    let fault = acts::refusal(intake.clone().submit_dossier(changed).await);
    ensure!(fault.reason() == "REQUEST_ID_REUSED", "{fault:?}");
    let untouched = story.dossier(&story.citizen, &other.name).await?;
    ensure!(untouched.code.is_empty(), "a refused request did something: {untouched:?}");
    let told = story.inbox(&dossier.name).await?;
    let told = told.iter().filter(|m| {
        m.topic() == MessageTopic::DossierSubmitted && m.channel() == MessageChannel::Inbox
    });
    ensure!(told.count() == 1, "told more than once");
    Ok(())
}

/// Ten times the same creation make one draft.
async fn one_draft(story: &Story<'_>) -> Result<()> {
    let procedure = acts::procedure(story).await?.name;
    let dossier = Dossier {
        procedure: procedure.clone(),
        filing_channel: FilingChannel::Online.into(),
        competent_agency: story.ward.name.clone(),
        ..Dossier::default()
    };
    let request = CreateDossierRequest { request_id: request_id(), dossier: Some(dossier) };
    let before = drafts(story).await?;
    let intake = story.world.intake(&story.citizen);
    let answers = join_all((0..TIMES).map(|_| {
        let (mut intake, request) = (intake.clone(), request.clone());
        async move { intake.create_dossier(request).await }
    }))
    .await;
    let mut names = BTreeSet::new();
    for answer in answers {
        names.insert(answer.map_err(refused)?.into_inner().name);
    }
    let made: BTreeSet<_> = drafts(story).await?.difference(&before).cloned().collect();
    ensure!(names == made && made.len() == 1, "answered {names:?}, made {made:?}");
    Ok(())
}

async fn drafts(story: &Story<'_>) -> Result<BTreeSet<String>> {
    let request = ListDossiersRequest { page_size: 100, ..ListDossiersRequest::default() };
    let mut intake = story.world.intake(&story.citizen);
    let list = intake.list_dossiers(request).await.map_err(refused)?.into_inner();
    Ok(list.dossiers.into_iter().map(|dossier| dossier.name).collect())
}
