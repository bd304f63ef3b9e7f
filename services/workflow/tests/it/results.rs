//! Drafts and results: bytes in, bytes out, sealed at rest.

use futures::StreamExt;
use motcua_context::{Actor, Grant, Officer, Person, Role};
use motcua_proto::intake::v1 as intake;
use motcua_proto::workflow::v1 as proto;
use motcua_proto::workflow::v1::workflow_service_client::WorkflowServiceClient;
use motcua_rpc::Wire;
use motcua_testkit::Database;
use motcua_testkit::clamd::{Play, PlayedClamd};
use proto::download_result_response::Part;
use tonic::{Code, Status};

use crate::support::*;

on_both_databases!(
    a_draft_is_kept_whole_and_comes_back_whole,
    a_draft_is_refused_with_its_reason,
    the_citizen_downloads_what_was_returned,
    the_draft_that_was_read_is_the_one_approved,
    who_drafted_does_not_approve,
    an_unfit_draft_is_refused,
    a_draft_that_waits_is_approved_once_it_is_clean,
    a_draft_found_harmful_later_is_replaced,
    nothing_personal_can_be_read_from_the_disk,
);

async fn download(
    mut client: WorkflowServiceClient<Wire>,
    name: &str,
) -> Result<(proto::Result, Vec<u8>), Status> {
    let request = proto::DownloadResultRequest { name: name.to_owned(), time_limit: None };
    let mut stream = client.download_result(request).await?.into_inner();
    let Some(Part::Head(head)) = stream.next().await.unwrap()?.part else { panic!("no head") };
    let mut bytes = Vec::new();
    while let Some(message) = stream.next().await {
        let Some(Part::Chunk(chunk)) = message?.part else { panic!("no chunk") };
        bytes.extend(chunk);
    }
    Ok((head, bytes))
}

async fn a_draft_is_kept_whole_and_comes_back_whole(database: Database) {
    let office = Office::open(database).await;
    office.accept(Filed::online(1)).await;
    office.to_specialist(1).await;
    let large: Vec<u8> = PDF.iter().copied().cycle().take(300_000).collect();
    let drafted = office.draft(1, &specialist(), &large).await.unwrap();
    assert_eq!(drafted.media_type, "application/pdf");
    assert_eq!(drafted.size_bytes, 300_000);
    assert_eq!(drafted.file_check(), proto::FileCheck::Unscanned);
    assert_eq!(drafted.text, "Cấp cho bà Nguyễn Thị Hoa");
    let (head, bytes) = download(office.client(&leader()), &drafted.name).await.unwrap();
    assert_eq!(bytes, large);
    assert_eq!(head.sha256, drafted.sha256);
    assert_eq!(head.text, "", "the words are for GetResult");
    let request = proto::GetResultRequest { name: drafted.name.clone() };
    let read = office.client(&leader()).get_result(request).await.unwrap().into_inner();
    assert_eq!(read.text, drafted.text);

    let shown = office.process(1).await.result.unwrap();
    assert_eq!((&*shown.file_name, &*shown.text), ("", ""), "names of people are read on record");

    let stranger = officer(81, Role::Specialist, DEPARTMENT);
    let hidden = download(office.client(&stranger), &drafted.name).await.unwrap_err();
    assert_eq!(reason(&hidden), (Code::NotFound, "RESULT_NOT_FOUND".into()));
    let intake = WorkflowServiceClient::new(office.env.service("intake"));
    let hidden = download(intake, &drafted.name).await.unwrap_err();
    assert_eq!(
        reason(&hidden),
        (Code::NotFound, "RESULT_NOT_FOUND".into()),
        "a draft is no result"
    );
}

async fn a_draft_is_refused_with_its_reason(database: Database) {
    let office = Office::open(database).await;
    office.accept(Filed::online(1)).await;
    let first = office.take(1, "phan-cong", &head()).await.unwrap().name;
    let refused = office.draft_in(&first, &head(), PDF).await.unwrap_err();
    assert_eq!(reason(&refused), (Code::FailedPrecondition, "STEP_DOES_NOT_DRAFT".into()));
    office.forward(1, "phan-cong", &head()).await.unwrap();
    let task = office.task(1, "tham-dinh").await.name;
    let waiting = office.draft_in(&task, &specialist(), PDF).await.unwrap_err();
    assert_eq!(reason(&waiting).1, "TASK_NOT_HELD");
    office.take(1, "tham-dinh", &specialist()).await.unwrap();
    let empty = office.draft_in(&task, &specialist(), b"").await.unwrap_err();
    assert_eq!(reason(&empty), (Code::InvalidArgument, "FILE_EMPTY".into()));
    let wrong = office.draft_in(&task, &specialist(), b"MZ\x90\x00 program").await.unwrap_err();
    assert_eq!(reason(&wrong), (Code::InvalidArgument, "FILE_TYPE_REFUSED".into()));
    let early = office.forward(1, "tham-dinh", &specialist()).await.unwrap_err();
    assert_eq!(reason(&early), (Code::FailedPrecondition, "RESULT_NOT_DRAFTED".into()));
    let mut client = office.client(&specialist());
    let chunk = proto::DraftResultRequest {
        request_id: office.env.request_id(),
        part: Some(proto::draft_result_request::Part::Chunk(PDF.to_vec())),
    };
    let headless = client.draft_result(futures::stream::iter([chunk])).await.unwrap_err();
    assert_eq!(reason(&headless), (Code::InvalidArgument, "STREAM_OUT_OF_ORDER".into()));
}

async fn the_citizen_downloads_what_was_returned(database: Database) {
    let office = Office::open(database).await;
    office.accept(Filed::online(1)).await;
    office.to_desk(1).await;
    let name = office.process(1).await.result.unwrap().name;
    let early = download(office.client(&citizen()), &name).await.unwrap_err();
    assert_eq!(reason(&early), (Code::NotFound, "RESULT_NOT_FOUND".into()));
    let intake = WorkflowServiceClient::new(office.env.service("intake"));
    assert_eq!(download(intake, &name).await.unwrap().1, PDF);
    let returned = intake::ResultReturned {
        dossier: dossier(1),
        version: office.next_version(),
        return_time: stamp(office.env.now()),
        ..Default::default()
    };
    assert_eq!(office.env.tell(key(1), &returned).await, None);
    assert_eq!(download(office.client(&citizen()), &name).await.unwrap().1, PDF);
    let stranger = Actor::Person(Person::citizen(account(98)));
    assert!(download(office.client(&stranger), &name).await.is_err());
}

async fn the_draft_that_was_read_is_the_one_approved(database: Database) {
    let office = Office::open(database).await;
    office.accept(Filed::online(1)).await;
    office.to_specialist(1).await;
    let read = office.draft(1, &specialist(), PDF).await.unwrap();
    let newer = office.draft(1, &specialist(), PDF).await.unwrap();
    office.forward(1, "tham-dinh", &specialist()).await.unwrap();
    office.take(1, "ky", &leader()).await.unwrap();
    let request = proto::ApproveResultRequest {
        request_id: office.env.request_id(),
        name: office.task(1, "ky").await.name,
        result: read.name,
        ..Default::default()
    };
    let refused = office.client(&leader()).approve_result(request).await.unwrap_err();
    assert_eq!(reason(&refused), (Code::Aborted, "DRAFT_CHANGED".into()));
    assert_eq!(told(&refused, "current"), newer.name);
    let forwarded = office.forward(1, "ky", &leader()).await.unwrap_err();
    assert_eq!(reason(&forwarded).1, "APPROVAL_NEEDED");
    let done = office.approve(1, &leader()).await.unwrap();
    assert_eq!(done.result.unwrap().approved_by, account(13).name());
}

async fn who_drafted_does_not_approve(database: Database) {
    let office = Office::open(database).await;
    office.accept(Filed::online(1)).await;
    let grants = vec![
        Grant { role: Role::Specialist, agency: agency(UNIT) },
        Grant { role: Role::Leader, agency: agency(COMMUNE) },
    ];
    let both = Actor::Officer(Officer { account: account(12), grants });
    office.take(1, "phan-cong", &head()).await.unwrap();
    office.forward(1, "phan-cong", &head()).await.unwrap();
    office.take(1, "tham-dinh", &both).await.unwrap();
    office.draft(1, &both, PDF).await.unwrap();
    office.forward(1, "tham-dinh", &both).await.unwrap();
    office.take(1, "ky", &both).await.unwrap();
    let refused = office.approve(1, &both).await.unwrap_err();
    assert_eq!(reason(&refused), (Code::FailedPrecondition, "OWN_DRAFT".into()));
    let release = proto::ReleaseTaskRequest {
        request_id: office.env.request_id(),
        name: office.task(1, "ky").await.name,
        ..Default::default()
    };
    office.client(&both).release_task(release).await.unwrap();
    office.take(1, "ky", &leader()).await.unwrap();
    office.approve(1, &leader()).await.unwrap();
}

async fn scanned(database: Database, play: Play) -> (Office, PlayedClamd) {
    let clamd = PlayedClamd::start(play);
    let office = Office::open_with(database, |builder| {
        builder.set("files.scan=required").set(format!("files.clamd={}", clamd.address()))
    })
    .await;
    office.accept(Filed::online(1)).await;
    (office, clamd)
}

/// Waits until the draft of the process stands so.
async fn until_draft(office: &Office, check: proto::FileCheck) -> proto::Result {
    let now = async || office.process(1).await.result.filter(|it| it.file_check() == check);
    office.env.until(now).await
}

async fn an_unfit_draft_is_refused(database: Database) {
    let (office, clamd) = scanned(database, Play::Says("stream: Eicar FOUND")).await;
    office.to_specialist(1).await;
    let refused = office.draft(1, &specialist(), PDF).await.unwrap_err();
    assert_eq!(reason(&refused), (Code::InvalidArgument, "FILE_INFECTED".into()));
    clamd.now(Play::Says("stream: Heuristics.Encrypted.PDF FOUND"));
    let refused = office.draft(1, &specialist(), PDF).await.unwrap_err();
    assert_eq!(reason(&refused), (Code::InvalidArgument, "FILE_UNSCANNABLE".into()));
    assert_eq!(told(&refused, "problem"), "encrypted");
    assert!(refused.message().contains("bỏ mật khẩu"), "{}", refused.message());
    assert!(office.process(1).await.result.is_none());
    let held = &[motcua_quarantine::State::Held];
    let held = motcua_quarantine::list(&office.env.store, held, None, 9).await.unwrap();
    assert_eq!(held.len(), 2, "the bytes are kept aside");
}

async fn a_draft_that_waits_is_approved_once_it_is_clean(database: Database) {
    let (office, clamd) = scanned(database, Play::Away).await;
    office.to_leader(1).await;
    let draft = office.process(1).await.result.unwrap();
    assert_eq!(draft.file_check(), proto::FileCheck::Waiting);
    let refused = office.approve(1, &leader()).await.unwrap_err();
    assert_eq!(reason(&refused), (Code::FailedPrecondition, "RESULT_NOT_SCANNED".into()));
    let refused = download(office.client(&leader()), &draft.name).await.unwrap_err();
    assert_eq!(reason(&refused), (Code::FailedPrecondition, "RESULT_NOT_SCANNED".into()));
    clamd.now(Play::Says("stream: OK"));
    until_draft(&office, proto::FileCheck::Clean).await;
    assert_eq!(download(office.client(&leader()), &draft.name).await.unwrap().1, PDF);
    office.approve(1, &leader()).await.unwrap();
}

async fn a_draft_found_harmful_later_is_replaced(database: Database) {
    let (office, clamd) = scanned(database, Play::Away).await;
    office.to_leader(1).await;
    clamd.now(Play::Says("stream: Eicar FOUND"));
    let draft = until_draft(&office, proto::FileCheck::Infected).await;
    assert!(draft.problem_text.contains("mã độc"), "{}", draft.problem_text);
    for refused in [
        office.approve(1, &leader()).await.unwrap_err(),
        download(office.client(&leader()), &draft.name).await.unwrap_err(),
    ] {
        assert_eq!(reason(&refused), (Code::InvalidArgument, "FILE_INFECTED".into()));
    }
    clamd.now(Play::Says("stream: OK"));
    let back = proto::SendBackTaskRequest {
        request_id: office.env.request_id(),
        name: office.task(1, "ky").await.name,
        reason: "Tệp dự thảo có mã độc".to_owned(),
        ..Default::default()
    };
    office.client(&leader()).send_back_task(back).await.unwrap();
    office.draft(1, &specialist(), PDF).await.unwrap();
    office.forward(1, "tham-dinh", &specialist()).await.unwrap();
    office.take(1, "ky", &leader()).await.unwrap();
    office.approve(1, &leader()).await.unwrap();
}

async fn nothing_personal_can_be_read_from_the_disk(database: Database) {
    if database != Database::Sqlite {
        return; // The server's files are not ours to read; the rows are the same.
    }
    let office = Office::open(database).await;
    office.accept(Filed::online(1)).await;
    office.to_leader(1).await;
    let back = proto::SendBackTaskRequest {
        request_id: office.env.request_id(),
        name: office.task(1, "ky").await.name,
        reason: "Bà Nguyễn Thị Hoa chưa ký".to_owned(),
        ..Default::default()
    };
    office.client(&leader()).send_back_task(back).await.unwrap();
    let ask = proto::AskSupplementRequest {
        request_id: office.env.request_id(),
        name: office.task(1, "tham-dinh").await.name,
        reasons: "Bà Nguyễn Thị Hoa bổ sung chữ ký".to_owned(),
        ..Default::default()
    };
    office.client(&specialist()).ask_supplement(ask).await.unwrap();
    let marks = ["Nguyễn Thị Hoa".as_bytes(), b"nguyen-thi-hoa", b"%PDF-1.7"];
    let mut looked = 0;
    let mut folders = vec![office.env.dir().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let bytes = std::fs::read(&path).unwrap();
            looked += 1;
            for mark in marks {
                let found = bytes.windows(mark.len()).any(|window| window == mark);
                assert!(!found, "{} holds {:?}", path.display(), String::from_utf8_lossy(mark));
            }
        }
    }
    assert!(looked > 2, "the database, its log and the file were looked at");
}
