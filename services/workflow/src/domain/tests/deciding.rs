use super::support::{Desk, HEAD, LEADER, SPECIALIST, account, ask, plan, result, terms};
use crate::domain::{Decision, Event, Outcome, Refusal, State, Timeliness};

fn decision(desk: &Desk) -> Decision {
    Decision { result: result(1), outcome: Outcome::Granted, by: account(LEADER), at: desk.now }
}

#[test]
fn the_leader_approves_and_the_last_step_hands_over() {
    let mut desk = Desk::plain().at_leader();
    let decision = decision(&desk);
    let task = desk.task("ky").id;
    let timeliness = Some(Timeliness::OnTime);
    let events = desk.approve("ky", LEADER, 1).unwrap();
    assert_eq!(events, vec![Event::Approved { task, decision, timeliness }]);
    assert_eq!(desk.process.state(), State::Running, "the clerk's step is left");

    desk.take("van-thu", SPECIALIST).unwrap();
    let task = desk.task("van-thu").id;
    let events = desk.forward("van-thu", SPECIALIST, None).unwrap();
    assert_eq!(events, vec![Event::Finished { task, decision, timeliness }]);
    assert_eq!(desk.process.state(), State::Finished { at: desk.now });
    assert_eq!(desk.process.ended_at(), Some(desk.now));
    assert!(desk.process.open_tasks().next().is_none());
}

#[test]
fn an_approval_at_the_last_step_hands_over_at_once() {
    let mut short = plan();
    short.steps[2].next.clear();
    short.steps.pop();
    let mut desk =
        Desk::with(&short, Some(terms(3, motcua_vn::SupplementRegime::Shift))).at_leader();
    let events = desk.approve("ky", LEADER, 1).unwrap();
    assert!(matches!(events[..], [Event::Approved { .. }, Event::Finished { .. }]));
}

#[test]
fn the_draft_approved_is_the_draft_that_was_read() {
    let mut desk = Desk::plain().at_leader();
    assert_eq!(desk.approve("ky", LEADER, 2), Err(Refusal::DraftChanged { current: result(1) }));
}

#[test]
fn who_drafts_does_not_approve_whatever_roles_they_hold() {
    let mut desk = Desk::plain().at_specialist();
    desk.draft("tham-dinh", SPECIALIST, 1).unwrap();
    desk.forward("tham-dinh", SPECIALIST, Some("ky")).unwrap();
    desk.take("ky", SPECIALIST).unwrap();
    assert_eq!(desk.approve("ky", SPECIALIST, 1), Err(Refusal::OwnDraft));
    desk.process.release(desk.task("ky").id).unwrap();
    desk.take("ky", LEADER).unwrap();
    desk.approve("ky", LEADER, 1).unwrap();
}

#[test]
fn one_step_that_drafts_and_approves_is_for_one_person() {
    let mut both = plan();
    both.steps[2].drafts = true;
    let mut desk = Desk::with(&both, None).at_leader();
    desk.draft("ky", LEADER, 2).unwrap();
    desk.approve("ky", LEADER, 2).unwrap();
    assert_eq!(desk.process.progress.decision.unwrap().by, account(LEADER));
}

#[test]
fn a_later_draft_replaces_the_one_before() {
    let mut desk = Desk::plain().at_specialist();
    desk.draft("tham-dinh", SPECIALIST, 1).unwrap();
    desk.draft("tham-dinh", SPECIALIST, 2).unwrap();
    assert_eq!(desk.process.progress.draft.unwrap().result, result(2));
}

#[test]
fn steps_draft_and_approve_as_their_definition_says() {
    let mut desk = Desk::plain();
    desk.take("phan-cong", HEAD).unwrap();
    assert_eq!(desk.draft("phan-cong", HEAD, 1), Err(Refusal::StepDoesNotDraft));
    assert_eq!(desk.approve("phan-cong", HEAD, 1), Err(Refusal::StepDoesNotApprove));
}

#[test]
fn nothing_is_approved_without_a_draft_nor_handed_over_without_an_approval() {
    let mut early = plan();
    early.steps[0].approves = true;
    let mut desk = Desk::with(&early, None);
    desk.take("phan-cong", HEAD).unwrap();
    assert_eq!(desk.approve("phan-cong", HEAD, 1), Err(Refusal::ResultNotDrafted));

    let mut past = plan();
    past.steps[1].next = vec!["van-thu".to_owned(), "ky".to_owned()];
    let mut desk = Desk::with(&past, None).at_specialist();
    desk.draft("tham-dinh", SPECIALIST, 1).unwrap();
    desk.forward("tham-dinh", SPECIALIST, Some("van-thu")).unwrap();
    desk.take("van-thu", SPECIALIST).unwrap();
    assert_eq!(desk.forward("van-thu", SPECIALIST, None), Err(Refusal::ResultNotApproved));
}

#[test]
fn a_decision_forecloses() {
    let mut desk = Desk::plain().at_clerk();
    assert_eq!(desk.draft("van-thu", SPECIALIST, 2), Err(Refusal::AlreadyDecided));
    assert_eq!(desk.approve("van-thu", SPECIALIST, 1), Err(Refusal::AlreadyDecided));
    assert_eq!(desk.ask("van-thu", SPECIALIST), Err(Refusal::AlreadyDecided));
    assert_eq!(desk.process.extend(desk.now, desk.now), Err(Refusal::AlreadyDecided));
}

#[test]
fn a_supplement_is_asked_once_at_a_time_and_keeps_the_step_open() {
    let mut desk = Desk::plain().at_specialist();
    let task = desk.task("tham-dinh").id;
    let events = desk.ask("tham-dinh", SPECIALIST).unwrap();
    assert_eq!(events, vec![Event::SupplementAsked { task, ask: ask() }]);
    assert_eq!(desk.ask("tham-dinh", SPECIALIST), Err(Refusal::SupplementPending));
    desk.draft("tham-dinh", SPECIALIST, 1).unwrap();
    assert_eq!(desk.forward("tham-dinh", SPECIALIST, Some("ky")), Err(Refusal::SupplementPending));
    assert_eq!(desk.send_back("tham-dinh", SPECIALIST, None), Err(Refusal::SupplementPending));
}
