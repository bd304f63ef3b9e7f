//! Thu hồi: taking back what was forwarded, before anybody has begun on it.

use motcua_context::Actor;
use motcua_proto::workflow::v1 as proto;
use motcua_testkit::Database;
use proto::{ActKind, TaskEnd, TaskState};
use tonic::{Code, Status};

use crate::support::*;

on_both_databases!(
    a_forwarded_task_comes_back_to_whoever_forwarded_it,
    what_somebody_took_is_not_taken_back,
    a_question_to_another_agency_is_taken_back_with_its_step,
);

async fn recall(office: &Office, task: &str, by: &Actor) -> Result<proto::Process, Status> {
    let request = proto::RecallTaskRequest {
        request_id: office.env.request_id(),
        name: task.to_owned(),
        reason: "Chuyển nhầm người".to_owned(),
        ..Default::default()
    };
    Ok(office.client(by).recall_task(request).await?.into_inner())
}

/// The head has forwarded to the specialist's queue; answers the head's task.
async fn forwarded(office: &Office) -> String {
    office.accept(Filed::online(1)).await;
    let task = office.take(1, "phan-cong", &head()).await.unwrap();
    office.forward(1, "phan-cong", &head()).await.unwrap();
    task.name
}

async fn a_forwarded_task_comes_back_to_whoever_forwarded_it(database: Database) {
    let office = Office::open(database).await;
    let task = forwarded(&office).await;
    let waiting = office.task(1, "tham-dinh").await.name;
    for (by, code, why) in [
        (specialist(), Code::PermissionDenied, "NOT_YOUR_AGENCY"),
        (leader(), Code::FailedPrecondition, "TASK_NOT_HELD"),
    ] {
        let refused = recall(&office, &task, &by).await.unwrap_err();
        assert_eq!(reason(&refused), (code, why.to_owned()), "{by:?}");
    }
    let unreasoned = proto::RecallTaskRequest {
        request_id: office.env.request_id(),
        name: task.clone(),
        ..Default::default()
    };
    let refused = office.client(&head()).recall_task(unreasoned).await.unwrap_err();
    assert_eq!(refused.code(), Code::InvalidArgument, "a reason is required");

    let process = recall(&office, &task, &head()).await.unwrap();
    let back = office.task(1, "phan-cong").await;
    assert_eq!((back.state(), back.holder.as_str()), (TaskState::Held, &*account(11).name()));
    let gone = process.tasks.iter().find(|task| task.name == waiting).unwrap();
    assert_eq!(gone.end(), TaskEnd::Recalled);
    let taking = proto::TakeTaskRequest {
        request_id: office.env.request_id(),
        name: waiting,
        ..Default::default()
    };
    let over = office.client(&specialist()).take_task(taking).await.unwrap_err();
    assert_eq!(reason(&over).1, "TASK_DONE");

    let acts = proto::ListActsRequest { parent: process_name(1), ..Default::default() };
    let acts = office.client(&leader()).list_acts(acts).await.unwrap().into_inner().acts;
    let recalled = acts.iter().find(|act| act.kind() == ActKind::Recalled).unwrap();
    assert_eq!(recalled.actor, account(11).name());
    assert_eq!(recalled.reason, "Chuyển nhầm người");
    assert_eq!((&*recalled.step_code, &*recalled.to_step_code), ("tham-dinh", "phan-cong"));
    let assigned = office.env.said::<proto::TaskAssigned>().await;
    assert_eq!(assigned.last().unwrap().task, back.name, "others hear who has it");
    office.forward(1, "phan-cong", &head()).await.unwrap();
    office.take(1, "tham-dinh", &specialist()).await.unwrap();
}

async fn what_somebody_took_is_not_taken_back(database: Database) {
    let office = Office::open(database).await;
    let task = forwarded(&office).await;
    office.take(1, "tham-dinh", &specialist()).await.unwrap();
    let late = recall(&office, &task, &head()).await.unwrap_err();
    assert_eq!(reason(&late), (Code::FailedPrecondition, "RECALL_TOO_LATE".into()));
    assert_eq!(told(&late, "by"), account(12).name());
    let open = office.task(1, "tham-dinh").await.name;
    let refused = recall(&office, &open, &specialist()).await.unwrap_err();
    assert_eq!(reason(&refused).1, "NOT_FORWARDED");
}

async fn a_question_to_another_agency_is_taken_back_with_its_step(database: Database) {
    let office = Office::open(database).await;
    office.publish(Some(consulting_process()));
    let task = forwarded(&office).await;
    let question = office.task(1, "so-tu-phap").await.name;
    let process = recall(&office, &task, &head()).await.unwrap();
    let gone = process.tasks.iter().find(|task| task.name == question).unwrap();
    assert_eq!(gone.end(), TaskEnd::Recalled);
    office.forward(1, "phan-cong", &head()).await.unwrap();
    assert_ne!(office.task(1, "so-tu-phap").await.name, question, "asked again");
}
