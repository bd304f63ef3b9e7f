//! From acceptance to the desk, and back a step.

use motcua_proto::workflow::v1 as proto;
use motcua_testkit::Database;
use proto::{ActKind, ProcessState, TaskState};
use tonic::Code;

use crate::support::*;

on_both_databases!(
    a_dossier_goes_from_acceptance_to_the_desk,
    the_leader_sends_back_with_reasons,
    a_version_published_later_does_not_touch_a_running_process,
    without_an_electronic_process_the_plain_one_applies,
);

async fn a_dossier_goes_from_acceptance_to_the_desk(database: Database) {
    let office = Office::open(database).await;
    office.accept(Filed::online(1)).await;

    let started = office.env.said::<proto::ProcessStarted>().await;
    assert_eq!(started.len(), 1);
    assert_eq!((started[0].step_code.as_str(), started[0].version), ("phan-cong", 1));
    let process = office.process(1).await;
    assert_eq!(process.state(), ProcessState::Running);
    assert_eq!(process.name, process_name(1));
    // Three working days from Monday 09:00.
    assert_eq!(process.promised_due_time, stamp(utc("2026-03-05T02:00:00Z")));
    let task = office.task(1, "phan-cong").await;
    assert_eq!(task.agency, agency(UNIT).name(), "at the unit");
    assert_eq!(task.due_time, stamp(utc("2026-03-02T08:00:00Z")), "240 minutes, lunch between");

    office.to_desk(1).await;
    let process = office.process(1).await;
    assert_eq!(process.state(), ProcessState::Finished);
    let approved = office.env.said::<proto::ResultApproved>().await;
    assert_eq!(approved.len(), 1);
    assert_eq!(approved[0].result, process.result.unwrap().name);
    assert_eq!(approved[0].outcome(), proto::Outcome::Granted);
    assert_eq!(approved[0].approved_by, account(13).name());

    let slip = slip(&office).await;
    let who: Vec<_> = slip.iter().map(|act| act.actor.as_str()).collect();
    let [desk, head, specialist, leader] = [61, 11, 12, 13].map(|n| account(n).name());
    let officers = [&desk, &head, &head, &specialist, &specialist, &specialist];
    assert_eq!(who[..6], officers.map(String::as_str), "the desk accepted, and so on");
    assert!(who[6..].iter().all(|actor| *actor == leader));
    let kinds: Vec<_> = slip.iter().map(proto::Act::kind).collect();
    assert_eq!(
        kinds,
        [
            ActKind::Started,
            ActKind::Taken,
            ActKind::Forwarded,
            ActKind::Taken,
            ActKind::ResultDrafted,
            ActKind::Forwarded,
            ActKind::Taken,
            ActKind::Approved,
            ActKind::Finished,
        ]
    );
}

async fn the_leader_sends_back_with_reasons(database: Database) {
    let office = Office::open(database).await;
    office.accept(Filed::online(1)).await;
    office.to_leader(1).await;
    let mut request = proto::SendBackTaskRequest {
        request_id: office.env.request_id(),
        name: office.task(1, "ky").await.name,
        ..Default::default()
    };
    let mut client = office.client(&leader());
    let refused = client.send_back_task(request.clone()).await.unwrap_err();
    assert_eq!(refused.code(), Code::InvalidArgument, "reasons are required");
    request.reason = String::from("Thiếu căn cứ của bà Nguyễn Thị Hoa");
    request.to_step_code = String::from("ky");
    let refused = client.send_back_task(request.clone()).await.unwrap_err();
    assert_eq!(reason(&refused), (Code::FailedPrecondition, "STEP_NOT_BEFORE".into()));
    assert_eq!(told(&refused, "allowed"), "tham-dinh,phan-cong");
    request.to_step_code = String::new();
    client.send_back_task(request).await.unwrap();

    let back = office.task(1, "tham-dinh").await;
    assert_eq!(back.holder, account(12).name(), "the person who did the step");
    assert_eq!(back.state(), TaskState::Held);
    let assigned = office.env.said::<proto::TaskAssigned>().await;
    assert_eq!(assigned.last().unwrap().assignee, account(12).name());
    let acts = slip(&office).await;
    let sent_back = acts.iter().find(|act| act.kind() == ActKind::SentBack).unwrap();
    assert_eq!(sent_back.reason, "Thiếu căn cứ của bà Nguyễn Thị Hoa");
    assert_eq!(sent_back.actor, account(13).name());
    assert_eq!(
        (sent_back.step_code.as_str(), sent_back.to_step_code.as_str()),
        ("ky", "tham-dinh")
    );

    office.draft(1, &specialist(), PDF).await.unwrap();
    office.forward(1, "tham-dinh", &specialist()).await.unwrap();
    office.take(1, "ky", &leader()).await.unwrap();
    let done = office.approve(1, &leader()).await.unwrap();
    assert_eq!(done.state(), ProcessState::Finished);
}

async fn a_version_published_later_does_not_touch_a_running_process(database: Database) {
    let office = Office::open(database).await;
    office.accept(Filed::online(1)).await;
    let mut other = process();
    other.steps.swap(0, 1);
    other.steps[0].next = vec!["phan-cong".into()];
    other.steps[1].next = vec!["ky".into()];
    office.publish(Some(other));
    office.accept(Filed::online(2)).await;
    assert_eq!(office.process(1).await.steps[0].code, "phan-cong");
    assert_eq!(office.process(2).await.steps[0].code, "tham-dinh");
    office.to_desk(1).await;
}

async fn without_an_electronic_process_the_plain_one_applies(database: Database) {
    let office = Office::open(database).await;
    office.publish(None);
    office.accept(Filed::online(1)).await;
    let process = office.process(1).await;
    let steps: Vec<_> = process.steps.iter().map(|step| step.code.as_str()).collect();
    assert_eq!(steps, ["phan-cong", "tham-dinh", "phe-duyet"]);
    let minutes: i32 = process.steps.iter().map(|step| step.quota_minutes).sum();
    assert_eq!(minutes, 1440, "shares of the dossier's own limit");
    let named = proto::TakeTaskRequest {
        request_id: office.env.request_id(),
        name: process.tasks[0].name.clone(),
        ..Default::default()
    };
    // Nobody is head of a unit here: the leader stands in.
    office.client(&leader()).take_task(named).await.unwrap();
}

async fn slip(office: &Office) -> Vec<proto::Act> {
    let mut client = office.client(&leader());
    let mut request =
        proto::ListActsRequest { parent: process_name(1), page_size: 4, ..Default::default() };
    let mut acts = Vec::new();
    loop {
        let page = client.list_acts(request.clone()).await.unwrap().into_inner();
        acts.extend(page.acts);
        if page.next_page_token.is_empty() {
            return acts;
        }
        request.page_token = page.next_page_token;
    }
}
