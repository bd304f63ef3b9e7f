//! A process is killed while requests and events come in and go out.

use std::{collections::BTreeMap, time::Duration};

use anyhow::{Result, bail, ensure};
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

const DOSSIERS: usize = 4;
/// How long after the acceptances began the process is killed, in milliseconds.
const KILLS: [u64; 2] = [20, 120];

/// Whoever got no answer asks again with the same request id. Every dossier is
/// accepted once and processed once, and each message is there once.
pub(super) async fn amid_events(
    sandbox: &mut Sandbox,
    story: &mut Story<'_>,
    service: &'static str,
) -> Result<()> {
    let process = sandbox.home(service);
    for wait in KILLS {
        let mut requests = Vec::new();
        for _ in 0..DOSSIERS {
            let name = submitted(story).await?.name;
            requests.push(AcceptDossierRequest { request_id: request_id(), name });
        }
        let desk = story.world.intake(&story.desk);
        let accept = |request: &AcceptDossierRequest| {
            let (mut desk, request) = (desk.clone(), request.clone());
            async move { desk.accept_dossier(request).await }
        };
        let kill = async {
            tokio::time::sleep(Duration::from_millis(wait)).await;
            sandbox.kill(process).await
        };
        let (_, killed) = tokio::join!(join_all(requests.iter().map(accept)), kill);
        killed?;
        sandbox.restart(process).await?;
        for request in &requests {
            let accepted =
                until("the repeated request is answered", async || match accept(request).await {
                    Ok(accepted) => Ok(Some(accepted.into_inner())),
                    Err(status) => match motcua_rpc::fault(status) {
                        fault if fault.is_transient() => Ok(None),
                        fault => bail!("{fault:?}"),
                    },
                })
                .await?;
            once(story, &accepted).await?;
        }
    }
    nothing_waits(sandbox).await
}

async fn once(story: &Story<'_>, dossier: &Dossier) -> Result<()> {
    let name = dossier.name.as_str();
    story.until_state(&story.desk, name, DossierState::Processing).await?;
    let process = story.process(name).await?;
    ensure!(process.tasks.len() == 1, "one first task: {:#?}", process.tasks);
    let request = ListActsRequest { parent: process.name.clone(), ..ListActsRequest::default() };
    let mut workflow = story.world.workflow(&story.leader);
    let acts = workflow.list_acts(request).await.map_err(refused)?.into_inner().acts;
    ensure!(acts.len() == 1, "it started once: {acts:#?}");
    ensure!(process.promised_due_time == dossier.promised_due_time, "{process:?} of {dossier:?}");
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
pub(super) async fn nothing_waits(sandbox: &Sandbox) -> Result<()> {
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
