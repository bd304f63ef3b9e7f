use chrono::TimeDelta;
use motcua_context::{Actor, Cause, Ctx, System};
use motcua_ids::FileId;
use motcua_proto::{
    intake::v1::{self as proto, ScanState},
    r#type::v1::FileProblem,
};
use motcua_quarantine::{HeldFile, State};
use motcua_testkit::{
    Database,
    clamd::{Play, PlayedClamd, docx, eicar, nested, real_clamd},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::{
    filed::{download, files, until_files},
    office::{Province, citizen, desk},
    support::{Answer, on_both_databases, pdf, request_id, upload},
};

on_both_databases!(
    what_waits_is_filed_and_swept_once_the_scanner_is_back,
    what_is_unfit_is_refused_and_held_back_for_a_while,
    what_is_found_harmful_after_filing_is_told_and_replaced,
    a_false_alarm_is_looked_at_again_and_let_go,
    a_file_at_which_the_scanner_fails_ends,
    one_verdict_reaches_every_dossier_that_shares_the_file,
    clamav_itself_tells_them_apart,
);

const OK: Play = Play::Says("stream: OK");
const EICAR: Play = Play::Says("stream: Eicar FOUND");

async fn scanned(database: Database, play: Play) -> (Province, PlayedClamd) {
    // Whoever sends a file to a scanner that hangs need not wait for long here.
    let patience = if matches!(play, Play::Hangs) { 1 } else { 60 };
    let clamd = PlayedClamd::start(play);
    let province = Province::open_with(database, |builder| {
        builder
            .set(format!("files.verdict_s={patience}"))
            .set("files.scan=required")
            .set("intake.draft_days=200")
            .set(format!("files.clamd={}", clamd.address()))
    })
    .await;
    (province, clamd)
}

/// Waits until a paper of the dossier stands so.
async fn until_paper(
    province: &Province,
    by: &Actor,
    dossier: &str,
    state: ScanState,
) -> proto::Paper {
    let now = async || {
        let papers = province.get(by, dossier).await.papers;
        papers.into_iter().find(|paper| paper.scan_state() == state)
    };
    province.env.until(now).await
}

async fn held(province: &Province, state: State) -> Vec<HeldFile> {
    motcua_quarantine::list(&province.env.store, &[state], None, 99).await.unwrap()
}

/// Waits until readiness says so; the service is ready all the while.
async fn until_ready(province: &Province, words: &str) {
    let said = async || {
        let mut http = TcpStream::connect(province.env.http()).await.unwrap();
        http.write_all(b"GET /healthz/ready HTTP/1.0\r\n\r\n").await.unwrap();
        let mut answer = String::new();
        http.read_to_string(&mut answer).await.unwrap();
        assert!(answer.contains("200 OK"), "{answer}");
        answer.contains(words).then_some(())
    };
    province.env.until(said).await;
}

async fn ask_again(province: &Province, file: FileId) -> bool {
    let operator = Actor::System(System { service: false, ..System::service("an operator") });
    let ctx = Ctx::new(operator, province.env.now());
    let id = ctx.new_id::<FileId>().uuid();
    let ctx = ctx.with_cause(Cause::Command { id });
    motcua_quarantine::ask_again(&province.env.store, &ctx, file, "newer signatures").await.unwrap()
}

async fn what_waits_is_filed_and_swept_once_the_scanner_is_back(database: Database) {
    let (province, clamd) = scanned(database, Play::Away).await;
    let me = citizen(1);
    let filed = province.submitted(&me).await;
    let paper = &filed.papers[0];
    assert_eq!(
        (paper.scan_state(), paper.problem()),
        (ScanState::Waiting, FileProblem::Unspecified)
    );
    for reader in [&me, &desk()] {
        let refused = download(&mut province.client(reader), &paper.name).await;
        assert_eq!(refused.unwrap_err(), "PAPER_NOT_SCANNED");
    }
    // Nobody accepts what nobody can have read.
    let accept =
        || proto::AcceptDossierRequest { request_id: request_id(), name: filed.name.clone() };
    let mut officer = province.client(&desk());
    let wrong = officer.accept_dossier(accept()).await.wrong();
    assert_eq!(wrong, [("papers.chung-sinh".to_owned(), "PAPER_NOT_SCANNED".to_owned())]);
    assert_eq!(held(&province, State::Waiting).await.len(), 1);
    until_ready(&province, r#""degraded":["scanner"]"#).await;
    // No clock has to move: it is noticed that the scanner is back.
    clamd.now(OK);
    until_paper(&province, &desk(), &filed.name, ScanState::Clean).await;
    assert!(download(&mut province.client(&desk()), &paper.name).await.is_ok());
    officer.accept_dossier(accept()).await.done();
    assert_eq!(held(&province, State::Waiting).await, []);
    until_ready(&province, r#""degraded":[]"#).await;
    assert!(province.env.said::<proto::PaperQuarantined>().await.is_empty());
}

async fn what_is_unfit_is_refused_and_held_back_for_a_while(database: Database) {
    let (province, clamd) = scanned(database, OK).await;
    let me = citizen(1);
    let draft = province.create(&me, Province::filled()).await.done();
    let mut client = province.client(&me);
    let refusals = [
        ("stream: Eicar FOUND", "FILE_INFECTED", "mã độc"),
        ("stream: Heuristics.Encrypted.Zip FOUND", "FILE_UNSCANNABLE", "bỏ mật khẩu"),
        ("INSTREAM size limit exceeded. ERROR", "FILE_UNSCANNABLE", "giảm dung lượng"),
        ("stream: Heuristics.Limits.Exceeded.MaxFiles FOUND", "FILE_UNSCANNABLE", "phức tạp"),
    ];
    for (number, (answer, reason, mend)) in (1..).zip(refusals) {
        clamd.now(Play::Says(answer));
        let content = pdf(&number.to_string());
        let refused = client.upload_paper(upload(&draft.name, "chung-sinh", &content)).await;
        let refused = refused.refused();
        assert_eq!(refused.reason(), reason, "{answer}");
        assert!(refused.text().contains(mend), "{}", refused.text());
        assert_eq!(files(&province), number, "its bytes are kept aside");
    }
    assert!(province.get(&me, &draft.name).await.papers.is_empty());
    let aside = held(&province, State::Held).await;
    assert_eq!(aside.len(), refusals.len());
    let first = aside.iter().find(|held| held.said.as_deref() == Some("Eicar")).unwrap();
    assert_eq!(format!("dossiers/{}", first.subject), draft.name);
    assert_eq!(first.until, Some(province.env.now() + TimeDelta::days(90)));
    province.env.clock.advance(TimeDelta::days(90));
    until_files(&province, 0).await;
    province.env.until(async || held(&province, State::Held).await.is_empty().then_some(())).await;
    assert_eq!(held(&province, State::Gone).await.len(), refusals.len(), "what was found is kept");
    assert!(!ask_again(&province, first.file).await, "there is nothing to look at");
}

async fn what_is_found_harmful_after_filing_is_told_and_replaced(database: Database) {
    let (province, clamd) = scanned(database, Play::Away).await;
    let me = citizen(1);
    let filed = province.submitted(&me).await;
    clamd.now(EICAR);
    let paper = until_paper(&province, &desk(), &filed.name, ScanState::Infected).await;
    assert_eq!(paper.problem(), FileProblem::Infected);
    assert!(paper.problem_text.contains("mã độc"), "{}", paper.problem_text);
    let [told] = &province.env.said::<proto::PaperQuarantined>().await[..] else { panic!("once") };
    assert_eq!((&told.dossier, &told.code, &told.paper), (&filed.name, &filed.code, &paper.name));
    assert_eq!((&*told.paper_code, told.problem()), ("chung-sinh", FileProblem::Infected));
    assert!(!told.paper_title.is_empty() && told.paper_title != told.paper_code, "{told:?}");
    assert_eq!(province.get(&me, &filed.name).await.etag, format!("v{}", told.version));
    for reader in [&me, &desk()] {
        let refused = download(&mut province.client(reader), &paper.name).await;
        assert_eq!(refused.unwrap_err(), "FILE_INFECTED");
    }
    let attach = proto::AttachPaperRequest {
        request_id: request_id(),
        dossier: province.create(&me, Province::filled()).await.done().name,
        paper: paper.name,
        code: "chung-sinh".to_owned(),
    };
    let mut client = province.client(&me);
    assert_eq!(client.attach_paper(attach).await.reason(), "FILE_INFECTED");
    let accept = proto::AcceptDossierRequest { request_id: request_id(), name: filed.name.clone() };
    let wrong = province.client(&desk()).accept_dossier(accept).await.wrong();
    assert_eq!(wrong, [("papers.chung-sinh".to_owned(), "PAPER_INFECTED".to_owned())]);
    // It was filed, so it stays on record; a clean one beside it is enough.
    province.ask_citizen(&filed.name, "Tệp có mã độc.").await.done();
    let lacking = province.provide(&me, &filed.name).await.wrong();
    assert!(lacking.contains(&("papers.chung-sinh".to_owned(), "PAPER_INFECTED".to_owned())));
    clamd.now(OK);
    client.upload_paper(upload(&filed.name, "chung-sinh", &pdf("sạch"))).await.done();
    let provided = province.provide(&me, &filed.name).await.done();
    assert_eq!((provided.state(), provided.papers.len()), (proto::DossierState::Submitted, 2));
}

async fn a_false_alarm_is_looked_at_again_and_let_go(database: Database) {
    let (province, clamd) = scanned(database, Play::Away).await;
    let me = citizen(1);
    let draft = province.ready_draft(&me).await;
    clamd.now(EICAR);
    let paper = until_paper(&province, &me, &draft.name, ScanState::Infected).await;
    let submit = || proto::SubmitDossierRequest {
        request_id: request_id(),
        name: draft.name.clone(),
        ..Default::default()
    };
    let mut client = province.client(&me);
    let wrong = client.submit_dossier(submit()).await.wrong();
    assert_eq!(wrong, [("papers.chung-sinh".to_owned(), "PAPER_INFECTED".to_owned())]);

    let file = held(&province, State::Held).await[0].file;
    let rows = || async { held(&province, State::Held).await };
    // Still found: nothing changes, and nobody is told again.
    assert!(ask_again(&province, file).await);
    province.env.until(async || rows().await[0].look_at.is_none().then_some(())).await;
    assert_eq!(province.env.said::<proto::PaperQuarantined>().await.len(), 1);
    clamd.now(OK);
    assert!(ask_again(&province, file).await);
    until_paper(&province, &me, &draft.name, ScanState::Clean).await;
    assert!(rows().await.is_empty());
    assert!(download(&mut client, &paper.name).await.is_ok());
    client.submit_dossier(submit()).await.done();
    // Who asked for it and why is on record.
    let asked = async || {
        let filter = motcua_audit::AuditFilter {
            actor: Some("an operator".to_owned()),
            ..Default::default()
        };
        let rows = province.env.store.audit().list(&filter, 9).await.unwrap();
        (rows.len() == 2).then_some(rows)
    };
    let rows = province.env.until(asked).await;
    assert!(rows.iter().all(|(_, row)| row.purpose.as_deref() == Some("newer signatures")));
    assert!(rows.iter().all(|(_, row)| row.subjects == file.uuid().to_string()));
}

async fn a_file_at_which_the_scanner_fails_ends(database: Database) {
    let (province, clamd) = scanned(database, Play::Hangs).await;
    let me = citizen(1);
    let filed = province.submitted(&me).await;
    assert_eq!(filed.papers[0].scan_state(), ScanState::Waiting, "its sender is not kept waiting");
    clamd.now(Play::CutsOff);
    for pass in 1..=5 {
        let answered = async || {
            let waiting = held(&province, State::Waiting).await;
            let looked = waiting.first().is_none_or(|it| it.look_at > Some(province.env.now()));
            looked.then_some(())
        };
        province.env.until(answered).await;
        clamd.now(if pass % 2 == 0 {
            Play::CutsOff
        } else {
            Play::Says("stream: Can't allocate memory ERROR")
        });
        province.env.clock.advance(TimeDelta::minutes(65));
    }
    let paper = until_paper(&province, &desk(), &filed.name, ScanState::Unscannable).await;
    assert_eq!(paper.problem(), FileProblem::ScannerFailed);
    let refused = download(&mut province.client(&desk()), &paper.name).await;
    assert_eq!(refused.unwrap_err(), "FILE_UNSCANNABLE");
}

async fn one_verdict_reaches_every_dossier_that_shares_the_file(database: Database) {
    let (province, clamd) = scanned(database, Play::Away).await;
    let me = citizen(1);
    let filed = province.submitted(&me).await;
    let draft = province.create(&me, Province::filled()).await.done();
    let attach = proto::AttachPaperRequest {
        request_id: request_id(),
        dossier: draft.name.clone(),
        paper: filed.papers[0].name.clone(),
        code: "chung-sinh".to_owned(),
    };
    let shared = province.client(&me).attach_paper(attach).await.done();
    assert_eq!(shared.scan_state(), ScanState::Waiting);
    clamd.now(EICAR);
    for dossier in [&filed.name, &draft.name] {
        until_paper(&province, &me, dossier, ScanState::Infected).await;
    }
    let told = province.env.said::<proto::PaperQuarantined>().await;
    assert_eq!(told.len(), 2);
    assert!(told.iter().any(|event| event.dossier == draft.name && event.code.is_empty()));
    // What is thrown away with its draft stays aside until its time is over.
    let discard = proto::DiscardDossierRequest { request_id: request_id(), name: draft.name };
    province.client(&me).discard_dossier(discard).await.done();
    assert_eq!(held(&province, State::Held).await.len(), 1);
    assert_eq!(files(&province), 1);
}

async fn clamav_itself_tells_them_apart(database: Database) {
    let Some(real) = real_clamd() else { return };
    let (province, clamd) = scanned(database, Play::Real(real.clone())).await;
    let me = citizen(1);
    let draft = province.create(&me, Province::filled()).await.done();
    let mut client = province.client(&me);
    let harmful = [pdf(""), eicar()].concat();
    let mut large = pdf("");
    large.resize(9 * 1024 * 1024, b' ');
    for (content, problem) in [
        (harmful.clone(), None),
        (docx(&[("word/media/a.txt", &eicar()[..])], false), None),
        (docx(&[], true), Some("encrypted")),
        (docx(&[("word/embeddings/a.zip", &nested(20)[..])], false), Some("too_complex")),
        (large, Some("too_large")),
    ] {
        let refused = client.upload_paper(upload(&draft.name, "chung-sinh", &content)).await;
        let refused = refused.refused();
        let told = refused.metadata().iter().find(|(key, _)| key == "problem");
        assert_eq!(told.map(|(_, value)| value.as_str()), problem, "{refused}");
        let reason = if problem.is_none() { "FILE_INFECTED" } else { "FILE_UNSCANNABLE" };
        assert_eq!(refused.reason(), reason);
    }
    // It goes away, and comes back.
    clamd.now(Play::Away);
    client.upload_paper(upload(&draft.name, "chung-sinh", &docx(&[], false))).await.done();
    client.upload_paper(upload(&draft.name, "chung-sinh", &harmful)).await.done();
    let papers = province.get(&me, &draft.name).await.papers;
    assert!(papers.iter().all(|paper| paper.scan_state() == ScanState::Waiting));
    clamd.now(Play::Real(real));
    until_paper(&province, &me, &draft.name, ScanState::Clean).await;
    until_paper(&province, &me, &draft.name, ScanState::Infected).await;
}
