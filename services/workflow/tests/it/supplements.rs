//! Specialist → desk → citizen, and back to the step and the person.

use motcua_context::{Actor, Role};
use motcua_proto::access::v1::PersonalDataRead;
use motcua_proto::intake::v1 as intake;
use motcua_proto::workflow::v1 as proto;
use motcua_testkit::Database;
use motcua_vn::SupplementRegime;
use proto::{AskState, ProcessState, TaskState};
use tonic::{Code, Status};

use crate::support::*;

on_both_databases!(
    a_supplement_stops_the_clock_and_comes_back_to_the_same_person,
    a_second_supplement_and_the_restart_regime,
    the_desk_declines,
    an_ask_is_read_by_the_desk_and_by_intake,
    what_intake_said_before_acceptance_is_no_matter_of_ours,
);

async fn ask(office: &Office, by: &Actor) -> Result<proto::SupplementAsk, Status> {
    let request = proto::AskSupplementRequest {
        request_id: office.env.request_id(),
        name: office.task(1, "tham-dinh").await.name,
        reasons: "Thiếu giấy khai sinh của cháu Lê Văn Tám".to_owned(),
        papers: vec![proto::AskedPaper {
            paper_code: "giay-khai-sinh".to_owned(),
            display_name: "Giấy khai sinh".to_owned(),
            note: "Bản sao có chứng thực".to_owned(),
        }],
        ..Default::default()
    };
    Ok(office.client(by).ask_supplement(request).await?.into_inner())
}

async fn a_supplement_stops_the_clock_and_comes_back_to_the_same_person(database: Database) {
    let office = Office::open(database).await;
    office.accept(Filed::online(1)).await;
    office.to_specialist(1).await;
    let asked = ask(&office, &specialist()).await.unwrap();
    let needed = office.env.said::<proto::SupplementNeeded>().await;
    assert_eq!(needed[0].ask, asked.name);
    assert_eq!(needed[0].asked_by, account(12).name());
    let again = ask(&office, &specialist()).await.unwrap_err();
    assert_eq!(reason(&again), (Code::FailedPrecondition, "SUPPLEMENT_PENDING".into()));

    // Tuesday 09:00 the desk asks; Thursday 09:00 the citizen answers.
    office.advance(24);
    office.request_supplement(1, &asked.name).await;
    let process = office.process(1).await;
    assert_eq!(process.state(), ProcessState::AwaitingSupplement);
    assert_eq!(office.task(1, "tham-dinh").await.state(), TaskState::Suspended);
    let stopped = office.forward(1, "tham-dinh", &specialist()).await.unwrap_err();
    assert_eq!(reason(&stopped), (Code::FailedPrecondition, "DOSSIER_WAITING".into()));
    office.advance(48);
    office.provide_supplement(1, &asked.name).await;

    let acts = proto::ListActsRequest { parent: process_name(1), ..Default::default() };
    let acts = office.client(&specialist()).list_acts(acts).await.unwrap().into_inner().acts;
    let by = |kind| acts.iter().find(|act| act.kind() == kind).unwrap().actor.clone();
    assert_eq!(by(proto::ActKind::SupplementRequested), account(61).name(), "the desk asked");
    assert_eq!(by(proto::ActKind::SupplementProvided), "", "the citizen answered");
    let task = office.task(1, "tham-dinh").await;
    assert_eq!((task.state(), task.holder.as_str()), (TaskState::Held, &*account(12).name()));
    let changed = office.env.said::<proto::DueDateChanged>().await;
    assert_eq!(changed.len(), 1);
    assert_eq!(changed[0].change(), proto::DueDateChange::Supplement);
    assert_eq!(changed[0].previous_promised_due_time, stamp(utc("2026-03-05T02:00:00Z")));
    assert_eq!(changed[0].promised_due_time, stamp(utc("2026-03-09T02:00:00Z")));
    office.draft(1, &specialist(), PDF).await.unwrap();
    office.forward(1, "tham-dinh", &specialist()).await.unwrap();
}

async fn a_second_supplement_and_the_restart_regime(database: Database) {
    let office = Office::open(database).await;
    office.accept(Filed { regime: SupplementRegime::Restart, ..Filed::online(1) }).await;
    office.to_specialist(1).await;
    for _ in 0..2 {
        let asked = ask(&office, &specialist()).await.unwrap();
        office.advance(24);
        office.request_supplement(1, &asked.name).await;
        office.provide_supplement(1, &asked.name).await;
    }
    let changed = office.env.said::<proto::DueDateChanged>().await;
    // The whole limit anew from Tuesday 09:00, then from Wednesday 09:00.
    let due: Vec<_> = changed.iter().map(|event| event.promised_due_time).collect();
    assert_eq!(due, [stamp(utc("2026-03-06T02:00:00Z")), stamp(utc("2026-03-09T02:00:00Z"))]);
}

async fn the_desk_declines(database: Database) {
    let office = Office::open(database).await;
    office.accept(Filed::online(1)).await;
    office.to_specialist(1).await;
    let asked = ask(&office, &specialist()).await.unwrap();
    let declined = intake::SupplementDeclined {
        dossier: dossier(1),
        version: office.next_version(),
        ask: asked.name.clone(),
        decline_time: stamp(office.env.now()),
        ..Default::default()
    };
    assert_eq!(office.env.tell(key(1), &declined).await, None);
    assert_eq!(office.process(1).await.pending_ask, "");
    let request = proto::GetSupplementAskRequest { name: asked.name };
    let read = office.client(&specialist()).get_supplement_ask(request).await.unwrap();
    assert_eq!(read.into_inner().state(), AskState::Declined);
    ask(&office, &specialist()).await.unwrap();
}

async fn an_ask_is_read_by_the_desk_and_by_intake(database: Database) {
    let office = Office::open(database).await;
    office.accept(Filed::online(1)).await;
    office.to_specialist(1).await;
    let asked = ask(&office, &specialist()).await.unwrap();
    let request = proto::GetSupplementAskRequest { name: asked.name };
    let desk = officer(61, Role::DeskOfficer, OTHER_COMMUNE);
    let read = office.client(&desk).get_supplement_ask(request.clone()).await.unwrap();
    let read = read.into_inner();
    assert_eq!(read.reasons, "Thiếu giấy khai sinh của cháu Lê Văn Tám");
    assert_eq!(read.papers[0].paper_code, "giay-khai-sinh");

    let wire = office.env.service("intake");
    let mut intake = proto::workflow_service_client::WorkflowServiceClient::new(wire);
    intake.get_supplement_ask(request.clone()).await.unwrap();
    let stranger = officer(62, Role::DeskOfficer, DEPARTMENT);
    let hidden = office.client(&stranger).get_supplement_ask(request).await.unwrap_err();
    assert_eq!(reason(&hidden), (Code::NotFound, "ASK_NOT_FOUND".into()));

    let readings = office.env.said::<PersonalDataRead>().await;
    assert_eq!(readings.len(), 2, "the desk's and intake's, not the stranger's");
    assert_eq!(readings[0].reader, account(61).name());
    assert_eq!(readings[0].subjects, [account(99).name()]);
}

async fn what_intake_said_before_acceptance_is_no_matter_of_ours(database: Database) {
    let office = Office::open(database).await;
    let early = intake::SupplementRequested {
        dossier: dossier(7),
        before_acceptance: true,
        ..Default::default()
    };
    assert_eq!(office.env.tell(key(7), &early).await, None);
    let closed = intake::DossierClosed {
        dossier: dossier(7),
        version: 5,
        close_time: stamp(office.env.now()),
        ..Default::default()
    };
    assert_eq!(office.env.tell(key(7), &closed).await, None);
    let malformed = intake::DossierClosed { dossier: "x".to_owned(), ..Default::default() };
    assert!(office.env.tell(key(8), &malformed).await.is_some(), "for a person to look at");
}
