//! Withdrawal, expiry, return: how a process ends.

use motcua_proto::intake::v1 as intake;
use motcua_proto::workflow::v1 as proto;
use motcua_testkit::Database;
use proto::{ProcessState, StopCause, TaskEnd, TaskState};
use tonic::Code;

use crate::support::*;

on_both_databases!(
    a_withdrawal_before_the_decision_stops,
    a_withdrawal_after_the_decision_is_refused,
    a_supplement_that_never_came_ends_the_process,
    a_returned_result_closes_the_process,
    a_withdrawal_without_a_process_waits_for_a_person,
);

async fn withdraw(office: &Office, n: u128) -> Option<String> {
    let event = intake::WithdrawalRequested {
        dossier: dossier(n),
        version: office.next_version(),
        request_time: stamp(office.env.now()),
        ..Default::default()
    };
    office.env.tell(key(n), &event).await
}

async fn a_withdrawal_before_the_decision_stops(database: Database) {
    let office = Office::open(database).await;
    office.accept(Filed::online(1)).await;
    office.to_leader(1).await;
    assert_eq!(withdraw(&office, 1).await, None);
    let stopped = office.env.said::<proto::ProcessStopped>().await;
    assert_eq!(stopped.len(), 1);
    assert_eq!(stopped[0].cause(), StopCause::Withdrawn);
    let process = office.process(1).await;
    assert_eq!(process.state(), ProcessState::Stopped);
    assert!(process.tasks.iter().all(|task| task.state() == TaskState::Done));
    assert_eq!(process.tasks.last().unwrap().end(), TaskEnd::Cancelled);
    let late = proto::ApproveResultRequest {
        request_id: office.env.request_id(),
        name: process.tasks.last().unwrap().name.clone(),
        result: process.result.unwrap().name,
        ..Default::default()
    };
    let late = office.client(&leader()).approve_result(late).await.unwrap_err();
    assert_eq!(reason(&late), (Code::FailedPrecondition, "PROCESS_ENDED".into()));
    assert_eq!(withdraw(&office, 1).await, None, "again: nothing new");
    assert_eq!(office.env.said::<proto::ProcessStopped>().await.len(), 1);
}

async fn a_withdrawal_after_the_decision_is_refused(database: Database) {
    let office = Office::open(database).await;
    office.accept(Filed::online(1)).await;
    office.to_desk(1).await;
    assert_eq!(withdraw(&office, 1).await, None);
    let refused = office.env.said::<proto::StopRefused>().await;
    assert_eq!(refused.len(), 1);
    assert_eq!(refused[0].refusal(), proto::StopRefusal::AlreadyDecided);
    assert_eq!(office.process(1).await.state(), ProcessState::Finished);
    assert!(office.env.said::<proto::ProcessStopped>().await.is_empty());
}

async fn a_supplement_that_never_came_ends_the_process(database: Database) {
    let office = Office::open(database).await;
    office.accept(Filed::online(1)).await;
    office.to_specialist(1).await;
    office.request_supplement(1, "").await;
    let expired = intake::SupplementExpired {
        dossier: dossier(1),
        version: office.next_version(),
        expire_time: stamp(office.env.now()),
        ..Default::default()
    };
    assert_eq!(office.env.tell(key(1), &expired).await, None);
    let stopped = intake::DossierStopped {
        dossier: dossier(1),
        version: office.next_version(),
        cause: intake::StopCause::SupplementExpired.into(),
        stop_time: stamp(office.env.now()),
        ..Default::default()
    };
    assert_eq!(office.env.tell(key(1), &stopped).await, None);
    let said = office.env.said::<proto::ProcessStopped>().await;
    assert_eq!(said.len(), 1, "once");
    assert_eq!(said[0].cause(), StopCause::SupplementExpired);
}

async fn a_returned_result_closes_the_process(database: Database) {
    let office = Office::open(database).await;
    office.accept(Filed::online(1)).await;
    office.to_desk(1).await;
    let returned = intake::ResultReturned {
        dossier: dossier(1),
        version: office.next_version(),
        return_time: stamp(office.env.now()),
        ..Default::default()
    };
    assert_eq!(office.env.tell(key(1), &returned).await, None);
    assert_eq!(office.process(1).await.state(), ProcessState::Returned);
    let closed = intake::DossierClosed {
        dossier: dossier(1),
        version: office.next_version(),
        close_time: stamp(office.env.now()),
        ..Default::default()
    };
    assert_eq!(office.env.tell(key(1), &closed).await, None);
    assert_eq!(office.process(1).await.state(), ProcessState::Closed);
}

async fn a_withdrawal_without_a_process_waits_for_a_person(database: Database) {
    let office = Office::open(database).await;
    let parked = withdraw(&office, 9).await.unwrap();
    assert!(parked.contains("PROCESS_NOT_FOUND"), "{parked}");
}
