use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    time::Duration,
};

use futures::{StreamExt, TryStreamExt};
use motcua_proto::intake::v1::{self as proto, download_paper_response::Part};
use motcua_testkit::Database;
use sha2::{Digest, Sha256};

use crate::{
    office::{Province, citizen, desk},
    support::{Answer, Client, on_both_databases, pdf, request_id, upload, upload_with},
};

on_both_databases!(
    a_paper_goes_in_and_comes_out_as_it_was,
    what_is_no_paper_is_refused,
    a_repeated_upload_is_one_paper,
    a_paper_filed_before_is_used_again,
    a_paper_is_removed_before_it_is_filed,
    there_is_a_limit_to_papers,
    an_upload_has_its_own_deadline,
    a_discarded_draft_leaves_nothing,
    what_is_not_examined_is_not_served,
    what_is_harmful_is_refused,
);

fn header(dossier: &str) -> proto::PaperHeader {
    proto::PaperHeader {
        dossier: dossier.to_owned(),
        code: "chung-sinh".to_owned(),
        file_name: "giấy của con.pdf".to_owned(),
        ..Default::default()
    }
}

async fn download(client: &mut Client, name: &str) -> Result<(proto::Paper, Vec<u8>), String> {
    let request = proto::DownloadPaperRequest { name: name.to_owned(), timeout: None };
    let refused = |status| motcua_rpc::fault(status).reason().to_owned();
    let mut stream = client.download_paper(request).await.map_err(refused)?.into_inner();
    let Some(Part::Paper(paper)) = stream.message().await.unwrap().unwrap().part else {
        panic!("the paper comes first")
    };
    let pieces: Vec<_> = stream.try_collect().await.map_err(refused)?;
    let bytes = pieces.into_iter().flat_map(|message| match message.part {
        Some(Part::Chunk(chunk)) => chunk,
        _ => panic!("then its bytes"),
    });
    Ok((paper, bytes.collect()))
}

/// Timers of a name that are set.
async fn due(province: &Province, name: &str) -> i64 {
    use sea_orm::{ConnectionTrait, Statement};
    let db = province.env.store.reader();
    let sql = "SELECT count(*) AS n FROM due WHERE name = $1";
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, [name.into()]);
    db.query_one_raw(statement).await.unwrap().unwrap().try_get("", "n").unwrap()
}

/// Files below the environment's file store.
fn files(province: &Province) -> usize {
    fn count(dir: &std::path::Path) -> usize {
        std::fs::read_dir(dir).map_or(0, |entries| {
            entries.flatten().map(|e| if e.path().is_dir() { count(&e.path()) } else { 1 }).sum()
        })
    }
    count(&province.env.dir().join("files"))
}

/// Files that are let go are deleted soon after.
async fn until_files(province: &Province, expected: usize) {
    province.env.until(async || (files(province) == expected).then_some(())).await;
}

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
    assert_eq!(wrong, [("request_id".to_owned(), "REQUEST_ID_INVALID".to_owned())]);
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
    assert_eq!(province.get(&me, &draft.name).await.papers.len(), 1);
    assert_eq!(files(&province), 1);
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
    let attach = |paper: &str, code: &str| proto::AttachPaperRequest {
        request_id: request_id(),
        dossier: next.name.clone(),
        paper: paper.to_owned(),
        code: code.to_owned(),
    };
    let paper = &filed.papers[0];
    let reused = client.attach_paper(attach(&paper.name, "chung-sinh")).await.done();
    assert_eq!(reused.source(), proto::PaperSource::Reused);
    assert_eq!((&reused.reused_from, &reused.sha256), (&paper.name, &paper.sha256));
    let (_, bytes) = download(&mut client, &reused.name).await.unwrap();
    assert_eq!(bytes.len(), usize::try_from(paper.size_bytes).unwrap());
    assert_eq!(files(&province), 1, "the bytes are stored once");

    // Not into a stranger's, and not a stranger's.
    let theirs = province.create(&citizen(2), Province::filled()).await.done();
    let mut stranger = province.client(&citizen(2));
    let steal = proto::AttachPaperRequest {
        dossier: theirs.name.clone(),
        ..attach(&paper.name, "chung-sinh")
    };
    assert_eq!(stranger.attach_paper(steal).await.reason(), "NOT_FOUND");

    // Throwing the new draft away leaves the filed paper whole.
    let discard =
        proto::DiscardDossierRequest { request_id: request_id(), name: next.name.clone() };
    client.discard_dossier(discard).await.done();
    province.env.until(async || due(&province, "file-unused").await.eq(&0).then_some(())).await;
    assert!(download(&mut client, &paper.name).await.is_ok());
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

async fn an_upload_has_its_own_deadline(database: Database) {
    let province = Province::open(database).await;
    let me = citizen(1);
    let draft = province.create(&me, Province::filled()).await.done();
    let header = proto::PaperHeader {
        timeout: Some(prost_types::Duration { seconds: 0, nanos: 50_000_000 }),
        ..header(&draft.name)
    };
    let slow = upload_with(request_id(), header, &pdf("chậm")).then(|message| async move {
        tokio::time::sleep(Duration::from_millis(40)).await;
        message
    });
    let refused = province.client(&me).upload_paper(slow).await;
    assert_eq!(refused.reason(), "UPLOAD_TOO_SLOW");
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

/// A scanner that answers as it is told, or hangs up.
fn scanner(answers: Arc<Mutex<Option<&'static str>>>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("tcp://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let answer = *answers.lock().unwrap();
            if let Some(answer) = answer {
                let _ = examine(&mut stream, answer);
            }
        }
    });
    address
}

/// `zINSTREAM`, then chunks with their length ahead, ended by an empty one.
fn examine(stream: &mut TcpStream, answer: &str) -> std::io::Result<()> {
    let mut command = [0; 10];
    stream.read_exact(&mut command)?;
    loop {
        let mut length = [0; 4];
        stream.read_exact(&mut length)?;
        let length = u32::from_be_bytes(length);
        if length == 0 {
            break;
        }
        let mut chunk = vec![0; length as usize];
        stream.read_exact(&mut chunk)?;
    }
    stream.write_all(format!("{answer}\0").as_bytes())
}

async fn scanned(
    database: Database,
    answer: Option<&'static str>,
) -> (Province, Arc<Mutex<Option<&'static str>>>) {
    let answers = Arc::new(Mutex::new(answer));
    let address = scanner(answers.clone());
    let province = Province::open_with(database, |builder| {
        builder.set("files.scan=required").set(format!("files.clamd={address}"))
    })
    .await;
    (province, answers)
}

async fn what_is_not_examined_is_not_served(database: Database) {
    let (province, answers) = scanned(database, None).await;
    let me = citizen(1);
    let draft = province.create(&me, Province::filled()).await.done();
    let mut client = province.client(&me);
    let paper = client.upload_paper(upload(&draft.name, "chung-sinh", &pdf("x"))).await.done();
    assert_eq!(paper.scan_state(), proto::ScanState::Unscanned);
    assert_eq!(download(&mut client, &paper.name).await.unwrap_err(), "PAPER_NOT_SCANNED");
    // The scanner comes back, and is asked again by itself.
    *answers.lock().unwrap() = Some("stream: OK");
    province.env.clock.advance(chrono::TimeDelta::seconds(31));
    province
        .env
        .until(async || {
            let now = province.get(&me, &draft.name).await;
            (now.papers[0].scan_state() == proto::ScanState::Clean).then_some(())
        })
        .await;
    assert!(download(&mut client, &paper.name).await.is_ok());
}

async fn what_is_harmful_is_refused(database: Database) {
    let (province, answers) = scanned(database, Some("stream: Eicar FOUND")).await;
    let me = citizen(1);
    let draft = province.create(&me, Province::filled()).await.done();
    let mut client = province.client(&me);
    let refused = client.upload_paper(upload(&draft.name, "chung-sinh", &pdf("x"))).await;
    assert_eq!(refused.reason(), "FILE_INFECTED");
    assert_eq!(files(&province), 0);

    // Found harmful only later: shown, never served, and not good enough to file.
    *answers.lock().unwrap() = None;
    let paper = client.upload_paper(upload(&draft.name, "chung-sinh", &pdf("y"))).await.done();
    *answers.lock().unwrap() = Some("stream: Eicar FOUND");
    province.env.clock.advance(chrono::TimeDelta::seconds(31));
    province
        .env
        .until(async || {
            let now = province.get(&me, &draft.name).await;
            (now.papers[0].scan_state() == proto::ScanState::Infected).then_some(())
        })
        .await;
    assert_eq!(download(&mut client, &paper.name).await.unwrap_err(), "FILE_INFECTED");
    let submit = proto::SubmitDossierRequest {
        request_id: request_id(),
        name: draft.name,
        ..Default::default()
    };
    let wrong = client.submit_dossier(submit).await.wrong();
    assert_eq!(wrong, [("papers.chung-sinh".to_owned(), "PAPER_INFECTED".to_owned())]);
}
