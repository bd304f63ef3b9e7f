//! Probes that mean it: while a server is away readiness names it, what does not need it goes on,
//! and what needs it is told to try again; a process that ends its work lives, and takes no more.

use std::time::{Duration, Instant};

use futures::channel::mpsc;
use motcua::demo::{story::Story, teller::Teller, world::request_id};
use motcua_context::{Clock, SystemClock};
use motcua_proto::intake::v1::{
    DossierState, GetDossierRequest, PaperHeader, UploadPaperRequest, upload_paper_request::Part,
};
use motcua_tests::{
    sandbox::{Sandbox, Topology},
    servers::OwnServers,
};
use serde_json::Value;
use tonic::{Code, Request};
use tonic_types::StatusExt;

use super::until;

/// What a call may take if the caller does not say.
const DEADLINE: Duration = Duration::from_secs(10);

#[tokio::test(flavor = "multi_thread")]
async fn what_is_away_is_told_over_processes() {
    let servers = OwnServers::start().await.unwrap();
    let variable = |name: &str| servers.variable(name);
    let now = SystemClock.now();
    let sandbox = Sandbox::start_beside(Topology::Processes, now, &[], &variable).await.unwrap();
    let (world, mut teller) = (sandbox.world().unwrap(), Teller::silent());
    let mut story =
        Box::pin(Story::begin(&world, sandbox.administrator(), &mut teller)).await.unwrap();
    let filed = story.submitted().await.unwrap();
    tells(&sandbox, "intake", &[], &[]).await;

    // What is said waits in the outbox.
    servers.kill("RabbitMQ").await.unwrap();
    tells(&sandbox, "intake", &[], &["bus"]).await;
    let accepted = story.accept(&filed).await.unwrap();
    servers.revive("RabbitMQ").await.unwrap();
    story.until_state(&story.citizen, &accepted.name, DossierState::Processing).await.unwrap();
    tells(&sandbox, "intake", &[], &[]).await;

    // A cache is looked past.
    servers.kill("Redis").await.unwrap();
    tells(&sandbox, "intake", &[], &["cache"]).await;
    story.submitted().await.unwrap();
    servers.revive("Redis").await.unwrap();
    tells(&sandbox, "intake", &[], &[]).await;

    // Who keeps no files needs no scanner.
    servers.kill("ClamAV").await.unwrap();
    tells(&sandbox, "intake", &[], &["scanner"]).await;
    tells(&sandbox, "workflow", &[], &["scanner"]).await;
    tells(&sandbox, "catalog", &[], &[]).await;
    story.dossier(&story.citizen, &accepted.name).await.unwrap();
    servers.revive("ClamAV").await.unwrap();
    tells(&sandbox, "intake", &[], &[]).await;

    // Without its database a service can do nothing, and lives: it is not to be killed for that.
    servers.kill("PostgreSQL").await.unwrap();
    tells(&sandbox, "intake", &["store.intake"], &[]).await;
    assert!(sandbox.is_alive("intake").await && sandbox.has_started("intake").await);
    let begun = Instant::now();
    let asked = GetDossierRequest { name: accepted.name.clone() };
    let refused = world.intake(&story.citizen).get_dossier(asked).await.unwrap_err();
    assert_eq!(refused.code(), Code::Unavailable, "{refused:?}");
    let again = refused.get_details_retry_info().and_then(|info| info.retry_delay);
    assert!(again.is_some_and(|after| after >= Duration::from_secs(1)), "{again:?}");
    assert!(begun.elapsed() < DEADLINE, "it took {:?}", begun.elapsed());
    servers.revive("PostgreSQL").await.unwrap();
    tells(&sandbox, "intake", &[], &[]).await;
    story.dossier(&story.citizen, &accepted.name).await.unwrap();
}

/// Waits until a process says that this is missing and that only spoils; it is ready if nothing is missing.
async fn tells(sandbox: &Sandbox, name: &str, missing: &[&str], degraded: &[&str]) {
    let wanted = (missing.is_empty(), serde_json::json!(missing), serde_json::json!(degraded));
    until(&format!("{name} tells {wanted:?}"), async || {
        let said = readiness(sandbox, name).await?;
        let ready = said["ready"].as_bool()?;
        ((ready, said["missing"].clone(), said["degraded"].clone()) == wanted).then_some(())
    })
    .await;
}

async fn readiness(sandbox: &Sandbox, name: &str) -> Option<Value> {
    let (ready, said) = sandbox.readiness(name).await.ok()?;
    let (_, body) = said.split_once("\r\n\r\n")?;
    let said: Value = serde_json::from_str(body).ok()?;
    assert_eq!(said["ready"], ready, "the code and the words differ: {said}");
    Some(said)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_that_was_told_to_stop_ends_its_work_and_takes_no_more() {
    let mut sandbox = Sandbox::start(Topology::OneProcess).await.unwrap();
    let (world, mut teller) = (sandbox.world().unwrap(), Teller::silent());
    let mut story =
        Box::pin(Story::begin(&world, sandbox.administrator(), &mut teller)).await.unwrap();
    let procedure = story.search().await.unwrap();
    let draft = story.draft(&procedure).await.unwrap();
    let (parts, stream) = mpsc::unbounded();
    let header = PaperHeader {
        dossier: draft.name.clone(),
        code: "giay-ra-vien".to_owned(),
        file_name: "giay-ra-vien.pdf".to_owned(),
        ..PaperHeader::default()
    };
    let part = |part| UploadPaperRequest { request_id: String::new(), part: Some(part) };
    let head = UploadPaperRequest { request_id: request_id(), ..part(Part::Header(header)) };
    parts.unbounded_send(head).unwrap();
    let mut intake = world.intake(&story.citizen);
    let uploading = intake.upload_paper(Request::new(stream));
    let stopping = async {
        // The upload is under way when there is a call at work.
        until("the upload has begun", async || {
            let metrics = sandbox.metrics("motcua").await.unwrap();
            metrics.lines().any(|line| line == "motcua_rpc_server_active 1").then_some(())
        })
        .await;
        sandbox.tell_to_stop("motcua").unwrap();
        until("it says that it stops", async || {
            let said = readiness(&sandbox, "motcua").await?;
            (said["stopping"] == true && said["ready"] == false).then_some(())
        })
        .await;
        assert!(sandbox.is_alive("motcua").await);
        parts.unbounded_send(part(Part::Chunk(b"%PDF-1.4\n%%EOF\n".to_vec()))).unwrap();
        drop(parts);
    };
    let (uploaded, ()) = tokio::join!(uploading, stopping);
    assert_eq!(uploaded.unwrap().into_inner().code, "giay-ra-vien");
    drop(intake);
    assert!(sandbox.ended_well("motcua").await.unwrap());
}
