use motcua_vn::SupplementRegime;

use super::support::{Desk, HEAD, LEADER, NEIGHBOUR, SPECIALIST, account, consulting_plan, terms};
use crate::domain::{Event, Onward, Refusal, Task, TaskEnd, TaskState, Timeliness};

fn consulting() -> Desk {
    Desk::with(&consulting_plan(), Some(terms(3, SupplementRegime::Shift)))
}

fn codes(steps: &[&str]) -> Vec<String> {
    steps.iter().map(ToString::to_string).collect()
}

fn end_of(task: &Task) -> Option<TaskEnd> {
    match &task.state {
        TaskState::Done(ending) => Some(ending.end),
        _ => None,
    }
}

#[test]
fn a_step_leads_to_one_of_its_next_steps() {
    let mut desk = Desk::plain().at_specialist();
    desk.draft("tham-dinh", SPECIALIST, 1).unwrap();
    let allowed = codes(&["ky", "phan-cong"]);
    for to in [None, Some("van-thu"), Some("khong-co")] {
        assert_eq!(
            desk.forward("tham-dinh", SPECIALIST, to),
            Err(Refusal::StepNotNext { allowed: allowed.clone() }),
            "{to:?}"
        );
    }
    let id = desk.task("tham-dinh").id;
    let events = desk.forward("tham-dinh", SPECIALIST, Some("ky")).unwrap();
    let next = desk.task("ky").id;
    assert_eq!(
        events,
        vec![Event::Forwarded { task: id, next, timeliness: Some(Timeliness::Early) }]
    );
    assert_eq!(desk.task("ky").state, TaskState::Waiting);
    assert_eq!(end_of(desk.process.task(id).unwrap()), Some(TaskEnd::Forwarded));
}

#[test]
fn the_head_may_name_who_goes_on() {
    let mut desk = Desk::plain();
    desk.take("phan-cong", HEAD).unwrap();
    let id = desk.task("phan-cong").id;
    let onward = Onward { to: None, assignee: Some(account(SPECIALIST)) };
    let now = desk.now;
    let mut ids = || motcua_ids::TaskId::new(motcua_ids::Uuid::from_u128(77));
    let events = desk.process.forward(id, account(HEAD), &onward, now, &mut ids).unwrap();
    let next = desk.task("tham-dinh").id;
    assert_eq!(events[1], Event::Assigned { task: next, to: account(SPECIALIST) });
    assert_eq!(desk.task("tham-dinh").state.holder(), Some(account(SPECIALIST)));
}

#[test]
fn a_step_that_drafts_ends_with_a_draft_and_one_that_approves_with_an_approval() {
    let mut desk = Desk::plain().at_specialist();
    assert_eq!(desk.forward("tham-dinh", SPECIALIST, Some("ky")), Err(Refusal::ResultNotDrafted));
    let mut desk = Desk::plain().at_leader();
    assert_eq!(desk.forward("ky", LEADER, None), Err(Refusal::ApprovalNeeded));
}

#[test]
fn sending_back_reopens_the_step_for_the_person_who_did_it() {
    let mut desk = Desk::plain().at_leader();
    let id = desk.task("ky").id;
    let events = desk.send_back("ky", LEADER, None).unwrap();
    let next = desk.task("tham-dinh").id;
    assert_eq!(
        events,
        vec![
            Event::SentBack { task: id, next, timeliness: Some(Timeliness::OnTime) },
            Event::Assigned { task: next, to: account(SPECIALIST) },
        ]
    );
    assert_eq!(desk.task("tham-dinh").state.holder(), Some(account(SPECIALIST)));
    desk.forward("tham-dinh", SPECIALIST, Some("ky")).unwrap();
    assert_eq!(desk.task("ky").came_from.as_deref(), Some("tham-dinh"));
}

#[test]
fn what_is_sent_back_to_somebody_who_left_waits_in_the_queue() {
    let mut desk = Desk::plain().at_leader();
    let (id, now, gone) = (desk.task("ky").id, desk.now, [account(SPECIALIST)]);
    let mut ids = || motcua_ids::TaskId::new(motcua_ids::Uuid::from_u128(77));
    desk.process.send_back(id, account(LEADER), None, &gone, now, &mut ids).unwrap();
    assert_eq!(desk.task("tham-dinh").state, TaskState::Waiting);
}

#[test]
fn sending_back_may_skip_steps_and_only_goes_back() {
    let mut desk = Desk::plain().at_leader();
    let allowed = codes(&["tham-dinh", "phan-cong"]);
    for to in ["ky", "van-thu", "khong-co"] {
        assert_eq!(
            desk.send_back("ky", LEADER, Some(to)),
            Err(Refusal::StepNotBefore { allowed: allowed.clone() }),
            "{to}"
        );
    }
    desk.send_back("ky", LEADER, Some("phan-cong")).unwrap();
    assert_eq!(desk.task("phan-cong").state.holder(), Some(account(HEAD)));
    assert_eq!(
        desk.send_back("phan-cong", HEAD, None),
        Err(Refusal::StepNotBefore { allowed: Vec::new() }),
        "nothing is before the first step"
    );
}

#[test]
fn an_approved_result_is_not_sent_back() {
    let mut desk = Desk::plain().at_clerk();
    assert_eq!(desk.send_back("van-thu", SPECIALIST, None), Err(Refusal::AlreadyDecided));
}

#[test]
fn a_step_waits_for_the_opinions_asked_beside_it() {
    let mut desk = consulting().at_specialist();
    desk.draft("tham-dinh", SPECIALIST, 1).unwrap();
    let pending = Refusal::ConsultPending { consults: codes(&["so-tu-phap"]) };
    assert_eq!(desk.forward("tham-dinh", SPECIALIST, Some("ky")), Err(pending.clone()));
    assert_eq!(desk.send_back("tham-dinh", SPECIALIST, None), Err(pending));

    let branch = desk.task("so-tu-phap").id;
    let now = desk.now;
    assert_eq!(
        desk.process.answer_consult(branch, account(NEIGHBOUR), now),
        Err(Refusal::TaskNotHeld { by: None })
    );
    desk.take("so-tu-phap", NEIGHBOUR).unwrap();
    let answered = desk.process.answer_consult(branch, account(NEIGHBOUR), now).unwrap();
    let timeliness = Some(Timeliness::Early);
    assert_eq!(answered, vec![Event::ConsultAnswered { task: branch, timeliness }]);
    desk.forward("tham-dinh", SPECIALIST, Some("ky")).unwrap();
}

#[test]
fn the_asking_officer_alone_withdraws_a_question() {
    let mut desk = consulting().at_specialist();
    let (branch, now) = (desk.task("so-tu-phap").id, desk.now);
    assert_eq!(
        desk.process.withdraw_consult(branch, account(NEIGHBOUR), now),
        Err(Refusal::TaskNotHeld { by: Some(account(SPECIALIST)) })
    );
    desk.process.withdraw_consult(branch, account(SPECIALIST), now).unwrap();
    assert_eq!(
        desk.process.withdraw_consult(branch, account(SPECIALIST), now),
        Err(Refusal::TaskDone)
    );
    desk.send_back("tham-dinh", SPECIALIST, None).unwrap();
    desk.forward("phan-cong", HEAD, None).unwrap();
    assert_eq!(desk.process.open_tasks().count(), 1, "a question is asked once");
}

#[test]
fn an_opinion_is_no_step_and_a_step_no_opinion() {
    let mut desk = consulting().at_specialist();
    desk.take("so-tu-phap", NEIGHBOUR).unwrap();
    let (step, branch) = (desk.task("tham-dinh").id, desk.task("so-tu-phap").id);
    let (by, now) = (account(SPECIALIST), desk.now);
    assert_eq!(desk.forward("so-tu-phap", NEIGHBOUR, None), Err(Refusal::IsAConsult));
    assert_eq!(desk.send_back("so-tu-phap", NEIGHBOUR, None), Err(Refusal::IsAConsult));
    assert_eq!(desk.draft("so-tu-phap", NEIGHBOUR, 1), Err(Refusal::IsAConsult));
    assert_eq!(desk.approve("so-tu-phap", NEIGHBOUR, 1), Err(Refusal::IsAConsult));
    assert_eq!(desk.ask("so-tu-phap", NEIGHBOUR), Err(Refusal::IsAConsult));
    assert_eq!(desk.process.answer_consult(step, by, now), Err(Refusal::NotAConsult));
    assert_eq!(desk.process.withdraw_consult(step, by, now), Err(Refusal::NotAConsult));
    assert_eq!(desk.process.task(branch).unwrap().post.agency(), super::support::agency(4));
}
