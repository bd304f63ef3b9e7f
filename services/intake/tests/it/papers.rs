use futures::StreamExt;
use motcua_proto::intake::v1 as proto;
use motcua_testkit::Database;
use sha2::{Digest, Sha256};

use crate::{
    filed::{download, files, header, until_files},
    office::{Province, citizen, desk},
    support::{Answer, on_both_databases, pdf, request_id, upload, upload_with},
};

on_both_databases!(
    a_paper_goes_in_and_comes_out_as_it_was,
    what_is_no_paper_is_refused,
    a_repeated_upload_is_one_paper,
    a_paper_is_removed_before_it_is_filed,
    there_is_a_limit_to_papers,
    a_discarded_draft_leaves_nothing,
);

async fn a_paper_goes_in_and_comes_out_as_it_was(database: Database) {
    let province = Province::open(database).await;
    let me = citizen(1);
    let draft = province.create(&me, Province::filled()).await.done();
    let content = pdf("nội dung riêng tư của con tôi");
    let sha256 = hex::encode(Sha256::digest(&content));
    let mut client = province.client(&me);
    let checked = proto::PaperHeader { sha256: sha256.clone(), ..header(&draft.name) };
    let paper = client.upload_paper(upload_with(request_id(), checked, &content)).await.done();
    assert_eq!((paper.media_type.as_str(), paper.sha256.as_str()), ("application/pdf", &*sha256));
    assert_eq!(paper.file_name, "giấy của con.pdf");
    assert_eq!(paper.size_bytes, i64::try_from(content.len()).unwrap());
    // The test deployment does not scan, and says so.
    assert_eq!(paper.scan_state(), proto::ScanState::Unscanned);

    let (again, bytes) = download(&mut client, &paper.name).await.unwrap();
    assert_eq!((again, bytes), (paper.clone(), content));
    for stranger in [citizen(2), desk()] {
        let mut stranger = province.client(&stranger);
        assert_eq!(download(&mut stranger, &paper.name).await.unwrap_err(), "NOT_FOUND");
    }
    let filed = province.submitted(&me).await;
    let of_it = &filed.papers[0].name;
    assert!(download(&mut province.client(&desk()), of_it).await.is_ok());
    let read = province.env.said::<motcua_proto::access::v1::PersonalDataRead>().await;
    assert!(read.iter().any(|read| read.method.ends_with("/DownloadPaper")));
}

async fn what_is_no_paper_is_refused(database: Database) {
    let province = Province::open_with(database, |b| b.set("intake.max_paper_mib=1")).await;
    let me = citizen(1);
    let draft = province.create(&me, Province::filled()).await.done();
    let mut client = province.client(&me);
    let mut large = pdf("lớn");
    large.resize(1024 * 1024 + 1, b' ');
    for (content, reason) in [
        (b"MZ\x90\x00 a program".to_vec(), "FILE_TYPE_REFUSED"),
        (Vec::new(), "FILE_EMPTY"),
        (large, "FILE_TOO_LARGE"),
    ] {
        let refused = client.upload_paper(upload(&draft.name, "chung-sinh", &content)).await;
        assert_eq!(refused.reason(), reason);
    }
    let unknown = client.upload_paper(upload(&draft.name, "lạ", &pdf("x"))).await;
    assert_eq!(unknown.reason(), "PAPER_UNKNOWN");
    let other = proto::PaperHeader { sha256: "00".repeat(32), ..header(&draft.name) };
    let refused = client.upload_paper(upload_with(request_id(), other, &pdf("x"))).await;
    assert_eq!(refused.reason(), "CHECKSUM_MISMATCH");
    let nonsense = proto::PaperHeader { sha256: "xyz".into(), ..Default::default() };
    let wrong = client.upload_paper(upload_with("x".into(), nonsense, b"")).await.wrong();
    let wrong: Vec<_> = wrong.iter().map(|(field, _)| field.as_str()).collect();
    let all = ["header.code", "header.dossier", "header.file_name", "header.sha256", "request_id"];
    assert_eq!(wrong, all);
    assert_eq!(files(&province), 0, "what was refused is not kept");
}

async fn a_repeated_upload_is_one_paper(database: Database) {
    let province = Province::open(database).await;
    let me = citizen(1);
    let draft = province.create(&me, Province::filled()).await.done();
    let mut client = province.client(&me);
    let id = request_id();
    let once = || upload_with(id.clone(), header(&draft.name), &pdf("một"));
    let first = client.upload_paper(once()).await.done();
    let again = client.upload_paper(once()).await.done();
    assert_eq!(first, again);
    // Cut into other pieces it is the same; with other bytes it is another request.
    let in_one =
        upload_with(id.clone(), header(&draft.name), &pdf("một")).collect::<Vec<_>>().await;
    let whole = proto::UploadPaperRequest {
        request_id: String::new(),
        part: Some(proto::upload_paper_request::Part::Chunk(pdf("một"))),
    };
    let in_one = futures::stream::iter([in_one[0].clone(), whole]);
    assert_eq!(client.upload_paper(in_one).await.done(), first);
    let other = upload_with(id.clone(), header(&draft.name), &pdf("hai"));
    assert_eq!(client.upload_paper(other).await.reason(), "REQUEST_ID_REUSED");
    assert_eq!(province.get(&me, &draft.name).await.papers.len(), 1);
    assert_eq!(files(&province), 1);
}

async fn a_paper_is_removed_before_it_is_filed(database: Database) {
    let province = Province::open(database).await;
    let me = citizen(1);
    let draft = province.ready_draft(&me).await;
    let remove =
        proto::RemovePaperRequest { request_id: request_id(), name: draft.papers[0].name.clone() };
    let mut client = province.client(&me);
    assert!(client.remove_paper(remove.clone()).await.done().papers.is_empty());
    until_files(&province, 0).await;
    assert_eq!(client.remove_paper(remove).await.done().name, draft.name, "once");
    let gone =
        proto::RemovePaperRequest { request_id: request_id(), name: draft.papers[0].name.clone() };
    assert_eq!(client.remove_paper(gone).await.reason(), "NOT_FOUND");
}

async fn there_is_a_limit_to_papers(database: Database) {
    let set = |builder: motcua_testkit::Builder<_>| builder.set("intake.max_files_per_paper=2");
    let province = Province::open_with(database, set).await;
    let me = citizen(1);
    let draft = province.create(&me, Province::filled()).await.done();
    let mut client = province.client(&me);
    for n in 0..2 {
        let content = pdf(&n.to_string());
        client.upload_paper(upload(&draft.name, "chung-sinh", &content)).await.done();
    }
    let third = client.upload_paper(upload(&draft.name, "chung-sinh", &pdf("3"))).await;
    assert_eq!(third.reason(), "TOO_MANY_PAPERS");
    assert_eq!(files(&province), 2);
}

async fn a_discarded_draft_leaves_nothing(database: Database) {
    let province = Province::open(database).await;
    let me = citizen(1);
    let draft = province.ready_draft(&me).await;
    let discard = proto::DiscardDossierRequest { request_id: request_id(), name: draft.name };
    let stranger = province.client(&citizen(2)).discard_dossier(discard.clone()).await;
    assert_eq!(stranger.reason(), "NOT_FOUND");
    let mut client = province.client(&me);
    client.discard_dossier(discard.clone()).await.done();
    client.discard_dossier(discard).await.done();
    until_files(&province, 0).await;
    let filed = province.submitted(&me).await;
    let late = proto::DiscardDossierRequest { request_id: request_id(), name: filed.name };
    assert_eq!(client.discard_dossier(late).await.reason(), "NOT_EDITABLE");
}
