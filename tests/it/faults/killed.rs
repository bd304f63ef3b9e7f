//! The process of workflow is killed while events come in and go out.

use std::{collections::BTreeMap, time::Duration};

use anyhow::{Result, ensure};
use futures::future::join_all;
use motcua::demo::{
    story::Story,
    world::{refused, request_id, until},
};
use motcua_proto::{
    intake::v1::{AcceptDossierRequest, Dossier, DossierState},
    notification::v1::{MessageChannel, MessageTopic},
    workflow::v1::ListActsRequest,
};
use motcua_tests::sandbox::Sandbox;

use crate::journey::submitted;

const DOSSIERS: usize = 6;
/// Kills, each a little later after an acceptance than the one before.
const KILLS: [u64; 3] = [5, 40, 120];

/// Every dossier is processed once, and each message is there once.
pub(super) async fn amid_events(sandbox: &mut Sandbox, story: &mut Story<'_>) -> Result<()> {
    let workflow = sandbox.home("workflow");
    for wait in KILLS {
        let mut dossiers = Vec::new();
        for _ in 0..DOSSIERS {
            dossiers.push(submitted(story).await?);
        }
        join_all(dossiers.iter().map(|dossier| accept(story, dossier)))
            .await
            .into_iter()
            .collect::<Result<Vec<_>>>()?;
        tokio::time::sleep(Duration::from_millis(wait)).await;
        sandbox.kill(workflow).await?;
        sandbox.restart(workflow).await?;
        for dossier in &dossiers {
            once(story, dossier).await?;
        }
    }
    nothing_waits(sandbox).await
}

async fn accept(story: &Story<'_>, dossier: &Dossier) -> Result<()> {
    let request = AcceptDossierRequest { request_id: request_id(), name: dossier.name.clone() };
    story.world.intake(&story.desk).accept_dossier(request).await.map_err(refused)?;
    Ok(())
}

async fn once(story: &Story<'_>, dossier: &Dossier) -> Result<()> {
    let name = dossier.name.as_str();
    story.until_state(&story.desk, name, DossierState::Processing).await?;
    let process = story.process(name).await?;
    ensure!(process.tasks.len() == 1, "one first task: {:#?}", process.tasks);
    let request = ListActsRequest { parent: process.name, ..ListActsRequest::default() };
    let mut workflow = story.world.workflow(&story.leader);
    let acts = workflow.list_acts(request).await.map_err(refused)?.into_inner().acts;
    ensure!(acts.len() == 1, "it started once: {acts:#?}");
    story.message(name, MessageTopic::DossierAccepted).await?;
    let mut told = BTreeMap::new();
    for message in story.inbox(name).await? {
        if message.channel() == MessageChannel::Inbox {
            *told.entry(message.topic().as_str_name()).or_insert(0) += 1;
        }
    }
    ensure!(told.values().all(|times| *times == 1), "told more than once: {told:?}");
    Ok(())
}

/// What was said has gone out, and what was heard has been acted upon.
async fn nothing_waits(sandbox: &Sandbox) -> Result<()> {
    for service in ["intake", "workflow", "notification"] {
        until(&format!("{service} has nothing left to do"), async || {
            let waits = sandbox.unpublished(service).await?
                + sandbox.count(service, "SELECT count(*) FROM inbox").await?;
            Ok((waits == 0).then_some(()))
        })
        .await?;
    }
    Ok(())
}
