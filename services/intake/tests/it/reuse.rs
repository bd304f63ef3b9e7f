use motcua_proto::intake::v1 as proto;
use motcua_testkit::Database;

use crate::{
    filed::{download, due, files},
    office::{Province, citizen, desk},
    support::{Answer, on_both_databases, request_id},
};

on_both_databases!(
    a_paper_filed_before_is_used_again,
    what_lies_in_a_draft_is_not_lent,
    a_repeated_request_is_answered_as_the_first_was,
    what_is_on_paper_has_no_file,
    a_desk_lends_nobodys_paper_to_another,
);

fn attach(dossier: &proto::Dossier, paper: &str) -> proto::AttachPaperRequest {
    proto::AttachPaperRequest {
        request_id: request_id(),
        dossier: dossier.name.clone(),
        paper: paper.to_owned(),
        code: "chung-sinh".to_owned(),
    }
}

async fn a_paper_filed_before_is_used_again(database: Database) {
    let province = Province::open(database).await;
    let me = citizen(1);
    let filed = province.submitted(&me).await;
    let mut client = province.client(&me);
    let found =
        client.list_reusable_papers(proto::ListReusablePapersRequest::default()).await.done();
    assert_eq!(found.papers.len(), 1);
    let next = province.create(&me, Province::filled()).await.done();
    let paper = &filed.papers[0];
    let reused = client.attach_paper(attach(&next, &paper.name)).await.done();
    assert_eq!(reused.source(), proto::PaperSource::Reused);
    assert_eq!((&reused.reused_from, &reused.sha256), (&paper.name, &paper.sha256));
    let (_, bytes) = download(&mut client, &reused.name).await.unwrap();
    assert_eq!(bytes.len(), usize::try_from(paper.size_bytes).unwrap());
    assert_eq!(files(&province), 1, "the bytes are stored once");

    // Not into a stranger's, and not a stranger's.
    let theirs = province.create(&citizen(2), Province::filled()).await.done();
    let mut stranger = province.client(&citizen(2));
    assert_eq!(stranger.attach_paper(attach(&theirs, &paper.name)).await.reason(), "NOT_FOUND");

    // Throwing the new draft away leaves the filed paper whole.
    let discard =
        proto::DiscardDossierRequest { request_id: request_id(), name: next.name.clone() };
    client.discard_dossier(discard).await.done();
    province.env.until(async || due(&province, "file-unused").await.eq(&0).then_some(())).await;
    assert!(download(&mut client, &paper.name).await.is_ok());
}

async fn what_lies_in_a_draft_is_not_lent(database: Database) {
    let province = Province::open(database).await;
    let me = citizen(1);
    let draft = province.ready_draft(&me).await;
    let next = province.create(&me, Province::filled()).await.done();
    let early = province.client(&me).attach_paper(attach(&next, &draft.papers[0].name)).await;
    assert_eq!(early.reason(), "PAPER_NOT_FILED");
}

async fn a_repeated_request_is_answered_as_the_first_was(database: Database) {
    let province = Province::open(database).await;
    let me = citizen(1);
    let filed = province.submitted(&me).await;
    let next = province.create(&me, Province::filled()).await.done();
    let mut client = province.client(&me);
    let request = attach(&next, &filed.papers[0].name);
    let first = client.attach_paper(request.clone()).await.done();
    let submit = proto::SubmitDossierRequest {
        request_id: request_id(),
        name: next.name,
        ..Default::default()
    };
    client.submit_dossier(submit.clone()).await.done();
    assert_eq!(client.attach_paper(request).await.done(), first);
    // Neither does what the catalog says by now change the answer.
    province.world.lock().unwrap().abolished = true;
    assert_eq!(client.submit_dossier(submit).await.done().papers[0].name, first.name);
}

async fn what_is_on_paper_has_no_file(database: Database) {
    let province = Province::open(database).await;
    let brought = province.received(proto::FilingChannel::Zalo).await;
    let mut client = province.client(&desk());
    let on_paper = &brought.papers[0].name;
    assert_eq!(download(&mut client, on_paper).await.unwrap_err(), "PAPER_HAS_NO_FILE");
    let next = province.brought(proto::FilingChannel::Desk).await;
    let refused = client.attach_paper(attach(&next, on_paper)).await;
    assert_eq!(refused.reason(), "PAPER_HAS_NO_FILE");
}

async fn a_desk_lends_nobodys_paper_to_another(database: Database) {
    let province = Province::open(database).await;
    let filed = province.submitted(&citizen(1)).await;
    let mut client = province.client(&desk());
    let into = |dossier: &proto::Dossier| attach(dossier, &filed.papers[0].name);
    let same = province.brought(proto::FilingChannel::Desk).await;
    client.attach_paper(into(&same)).await.done();
    let mut other = Province::filled();
    other.filing_channel = proto::FilingChannel::Desk.into();
    other.applicant.as_mut().unwrap().citizen_number = "072188001235".into();
    let other = province.create(&desk(), other).await.done();
    assert_eq!(client.attach_paper(into(&other)).await.reason(), "NOT_FOUND");
    let unnamed = proto::Dossier {
        filing_channel: proto::FilingChannel::Desk.into(),
        applicant: None,
        ..Province::filled()
    };
    let unnamed = province.create(&desk(), unnamed).await.done();
    assert_eq!(client.attach_paper(into(&unnamed)).await.reason(), "NOT_FOUND");
}
