use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
};

use motcua_proto::intake::v1 as proto;
use motcua_testkit::Database;

use crate::{
    filed::{download, files},
    office::{Province, citizen, desk},
    support::{Answer, on_both_databases, pdf, request_id, upload},
};

on_both_databases!(
    what_is_not_examined_is_not_served,
    what_is_harmful_is_refused,
    what_is_found_harmful_after_filing_is_replaced,
);

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

async fn what_is_found_harmful_after_filing_is_replaced(database: Database) {
    let (province, answers) = scanned(database, None).await;
    let me = citizen(1);
    let filed = province.submitted(&me).await;
    *answers.lock().unwrap() = Some("stream: Eicar FOUND");
    province.env.clock.advance(chrono::TimeDelta::seconds(31));
    province
        .env
        .until(async || {
            let now = province.get(&desk(), &filed.name).await;
            (now.papers[0].scan_state() == proto::ScanState::Infected).then_some(())
        })
        .await;
    let attach = proto::AttachPaperRequest {
        request_id: request_id(),
        dossier: province.create(&me, Province::filled()).await.done().name,
        paper: filed.papers[0].name.clone(),
        code: "chung-sinh".to_owned(),
    };
    let mut client = province.client(&me);
    assert_eq!(client.attach_paper(attach).await.reason(), "FILE_INFECTED");
    // It was filed, so it stays on record; a clean one beside it is enough.
    province.ask_citizen(&filed.name, "Tệp có mã độc.").await.done();
    *answers.lock().unwrap() = Some("stream: OK");
    client.upload_paper(upload(&filed.name, "chung-sinh", &pdf("sạch"))).await.done();
    let provided = province.provide(&me, &filed.name).await.done();
    assert_eq!((provided.state(), provided.papers.len()), (proto::DossierState::Submitted, 2));
}
