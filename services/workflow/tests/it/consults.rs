//! Opinions of another agency, asked for beside a step.

use motcua_context::{Actor, Role};
use motcua_proto::access::v1::Role as RoleMessage;
use motcua_proto::workflow::v1 as proto;
use motcua_testkit::Database;
use tonic::Code;

use crate::support::*;

on_both_databases!(a_step_waits_for_the_opinion_of_another_agency, a_question_is_withdrawn);

fn neighbour() -> Actor {
    officer(91, Role::Specialist, DEPARTMENT)
}

async fn a_step_waits_for_the_opinion_of_another_agency(database: Database) {
    let office = Office::open(database).await;
    office.publish(Some(consulting_process()));
    office.accept(Filed::online(1)).await;
    office.to_specialist(1).await;
    office.draft(1, &specialist(), PDF).await.unwrap();
    let refused = office.forward(1, "tham-dinh", &specialist()).await.unwrap_err();
    assert_eq!(reason(&refused), (Code::FailedPrecondition, "CONSULT_PENDING".into()));
    assert_eq!(told(&refused, "consults"), "so-tu-phap");

    let queue = proto::ListTasksRequest {
        role: RoleMessage::Specialist.into(),
        agency: agency(DEPARTMENT).name(),
        ..Default::default()
    };
    let listed = office.client(&neighbour()).list_tasks(queue).await.unwrap().into_inner();
    assert_eq!(listed.tasks.len(), 1, "in the department's own queue");
    assert_eq!(listed.tasks[0].consult_code, "so-tu-phap");
    let step = proto::AnswerConsultRequest {
        request_id: office.env.request_id(),
        name: office.task(1, "tham-dinh").await.name,
        answer: "Không phải ý kiến".to_owned(),
        ..Default::default()
    };
    let refused = office.client(&specialist()).answer_consult(step).await.unwrap_err();
    assert_eq!(reason(&refused).1, "NOT_A_CONSULT");
    let branch = office.take(1, "so-tu-phap", &neighbour()).await.unwrap();
    let answer = proto::AnswerConsultRequest {
        request_id: office.env.request_id(),
        name: branch.name,
        answer: "Thống nhất".to_owned(),
        ..Default::default()
    };
    let answered = office.client(&neighbour()).answer_consult(answer).await.unwrap().into_inner();
    assert_eq!(answered.end(), proto::TaskEnd::Answered);
    office.forward(1, "tham-dinh", &specialist()).await.unwrap();
    // Whoever was asked takes part, and may see the process.
    let request = proto::GetTaskRequest { name: answered.name };
    office.client(&neighbour()).get_task(request).await.unwrap();
}

async fn a_question_is_withdrawn(database: Database) {
    let office = Office::open(database).await;
    office.publish(Some(consulting_process()));
    office.accept(Filed::online(1)).await;
    office.to_specialist(1).await;
    let mut request = proto::WithdrawConsultRequest {
        request_id: office.env.request_id(),
        name: office.task(1, "so-tu-phap").await.name,
        reason: "Đã có văn bản chung".to_owned(),
        ..Default::default()
    };
    let not_theirs = office.client(&neighbour()).withdraw_consult(request.clone()).await;
    assert_eq!(reason(&not_theirs.unwrap_err()).1, "TASK_NOT_HELD");
    request.request_id = office.env.request_id();
    let done = office.client(&specialist()).withdraw_consult(request).await.unwrap().into_inner();
    assert_eq!(done.end(), proto::TaskEnd::Withdrawn);
    office.draft(1, &specialist(), PDF).await.unwrap();
    office.forward(1, "tham-dinh", &specialist()).await.unwrap();
}
