use motcua_vn::SupplementRegime;

use super::support::{
    Desk, HEAD, LEADER, NEIGHBOUR, SPECIALIST, account, at, consulting_plan, terms,
};
use crate::domain::{ActKind, Event, Fact, Refusal, TaskEnd, TaskState};

/// Forwarded by the head; nobody has begun.
fn forwarded(mut desk: Desk) -> (Desk, motcua_ids::TaskId) {
    desk.take("phan-cong", HEAD).unwrap();
    let id = desk.task("phan-cong").id;
    desk.forward("phan-cong", HEAD, None).unwrap();
    (desk, id)
}

fn consulting() -> Desk {
    Desk::with(&consulting_plan(), Some(terms(3, SupplementRegime::Shift)))
}

#[test]
fn who_forwarded_takes_back_what_waits() {
    let (mut desk, id) = forwarded(Desk::plain());
    let waiting = desk.task("tham-dinh").id;
    let events = desk.recall_task(id, account(HEAD)).unwrap();
    let back = desk.task("phan-cong").id;
    assert_eq!(events, vec![Event::Recalled { task: waiting, back }]);
    assert_eq!(desk.task("phan-cong").state.holder(), Some(account(HEAD)));
    let TaskState::Done(ending) = desk.process.task(waiting).unwrap().state else { panic!("open") };
    assert_eq!((ending.end, ending.by), (TaskEnd::Recalled, None));
    let line = desk.process.line(&events[0]).unwrap();
    assert_eq!(
        (line.kind, line.step.as_deref(), line.to_step.as_deref(), line.agency),
        (
            ActKind::Recalled,
            Some("tham-dinh"),
            Some("phan-cong"),
            Some(desk.task("phan-cong").post.agency())
        )
    );
    desk.forward("phan-cong", HEAD, None).unwrap();
    desk.take("tham-dinh", SPECIALIST).unwrap();
    assert_eq!(desk.process.steps_before(desk.task("tham-dinh").id).unwrap(), ["phan-cong"]);
}

#[test]
fn what_somebody_has_begun_stays_with_them() {
    let (mut desk, id) = forwarded(Desk::plain());
    desk.take("tham-dinh", SPECIALIST).unwrap();
    let late = Refusal::RecallTooLate { by: Some(account(SPECIALIST)) };
    assert_eq!(desk.recall_task(id, account(HEAD)), Err(late.clone()));
    desk.draft("tham-dinh", SPECIALIST, 1).unwrap();
    desk.forward("tham-dinh", SPECIALIST, Some("ky")).unwrap();
    assert_eq!(desk.recall_task(id, account(HEAD)), Err(late), "it went on");
    let (mut desk, id) = forwarded(Desk::plain());
    desk.take("tham-dinh", SPECIALIST).unwrap();
    desk.process.release(desk.task("tham-dinh").id).unwrap();
    desk.recall_task(id, account(HEAD)).unwrap();
}

#[test]
fn only_ones_own_forwarding_is_taken_back() {
    let (mut desk, id) = forwarded(Desk::plain());
    let held = Refusal::TaskNotHeld { by: Some(account(HEAD)) };
    assert_eq!(desk.recall_task(id, account(NEIGHBOUR)), Err(held));
    let open = desk.task("tham-dinh").id;
    assert_eq!(desk.recall_task(open, account(HEAD)), Err(Refusal::NotForwarded));
    desk.take("tham-dinh", SPECIALIST).unwrap();
    desk.send_back("tham-dinh", SPECIALIST, None).unwrap();
    assert_eq!(desk.recall_task(open, account(SPECIALIST)), Err(Refusal::NotForwarded));
    let unknown = motcua_ids::TaskId::new(motcua_ids::Uuid::nil());
    assert_eq!(desk.recall_task(unknown, account(HEAD)), Err(Refusal::TaskUnknown));
}

#[test]
fn nothing_is_taken_back_after_the_approval_nor_while_the_citizen_is_asked() {
    let mut desk = Desk::plain().at_leader();
    let drafted = desk.process.tasks.iter().rfind(|task| task.step == "tham-dinh").unwrap().id;
    desk.approve("ky", LEADER, 1).unwrap();
    assert_eq!(desk.recall_task(drafted, account(SPECIALIST)), Err(Refusal::AlreadyDecided));
    let (mut desk, id) = forwarded(Desk::plain());
    desk.process.hear(Fact::SupplementRequested { ask: None }, 4, desk.now);
    assert_eq!(desk.recall_task(id, account(HEAD)), Err(Refusal::DossierWaiting));
}

#[test]
fn what_the_desk_has_to_decide_on_is_not_taken_back() {
    let (mut desk, id) = forwarded(Desk::plain());
    desk.take("tham-dinh", SPECIALIST).unwrap();
    desk.ask("tham-dinh", SPECIALIST).unwrap();
    desk.process.release(desk.task("tham-dinh").id).unwrap();
    assert_eq!(desk.recall_task(id, account(HEAD)), Err(Refusal::SupplementPending));
}

#[test]
fn a_question_nobody_saw_is_taken_back_and_asked_again() {
    let (mut desk, id) = forwarded(consulting());
    let question = desk.task("so-tu-phap").id;
    desk.recall_task(id, account(HEAD)).unwrap();
    assert_eq!(desk.process.open_tasks().count(), 1, "the question is gone with the step");
    desk.forward("phan-cong", HEAD, None).unwrap();
    assert_ne!(desk.task("so-tu-phap").id, question, "asked anew");

    let (mut desk, id) = forwarded(consulting());
    desk.take("so-tu-phap", NEIGHBOUR).unwrap();
    let late = Refusal::RecallTooLate { by: Some(account(NEIGHBOUR)) };
    assert_eq!(desk.recall_task(id, account(HEAD)), Err(late.clone()), "the agency works on it");
    let branch = desk.task("so-tu-phap").id;
    desk.process.answer_consult(branch, account(NEIGHBOUR), desk.now).unwrap();
    assert_eq!(desk.recall_task(id, account(HEAD)), Err(late), "the agency has answered");
}

#[test]
fn quotas_go_on_where_they_were() {
    let (desk, id) = forwarded(Desk::plain());
    // The head used none of 120 minutes; an hour of the next step's 960 passes.
    let mut desk = desk.wait_until("2025-08-20 10:15");
    desk.recall_task(id, account(HEAD)).unwrap();
    assert_eq!(desk.task("phan-cong").due.unwrap().at, at("2025-08-20 14:15"));
    desk.forward("phan-cong", HEAD, None).unwrap();
    assert_eq!(desk.task("tham-dinh").due.unwrap().at, at("2025-08-22 09:15"));
}
