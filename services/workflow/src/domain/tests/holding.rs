use super::support::{Desk, HEAD, NEIGHBOUR, SPECIALIST, account};
use crate::domain::{Event, Fact, Refusal, TaskState};

#[test]
fn of_two_who_take_a_task_the_second_is_told_who_has_it() {
    let mut desk = Desk::plain();
    let id = desk.task("phan-cong").id;
    assert_eq!(desk.take("phan-cong", HEAD), Ok(vec![Event::Taken { task: id }]));
    let taken = Refusal::TaskTaken { by: account(HEAD) };
    assert_eq!(desk.take("phan-cong", NEIGHBOUR), Err(taken.clone()));
    assert_eq!(desk.take("phan-cong", HEAD), Err(taken), "no silent second time");
}

#[test]
fn the_head_assigns_moves_and_releases() {
    let mut desk = Desk::plain();
    let id = desk.task("phan-cong").id;
    let now = desk.now;
    let assigned = desk.process.assign(id, account(HEAD), now).unwrap();
    assert_eq!(assigned, vec![Event::Assigned { task: id, to: account(HEAD) }]);
    assert_eq!(
        desk.process.assign(id, account(HEAD), now),
        Err(Refusal::TaskTaken { by: account(HEAD) })
    );
    desk.process.assign(id, account(NEIGHBOUR), now).unwrap();
    assert_eq!(desk.task("phan-cong").state.holder(), Some(account(NEIGHBOUR)));
    let released = desk.process.release(id).unwrap();
    assert_eq!(released, vec![Event::Released { task: id, from: account(NEIGHBOUR) }]);
    assert_eq!(desk.task("phan-cong").state, TaskState::Waiting);
    assert_eq!(desk.process.release(id), Err(Refusal::TaskNotHeld { by: None }));
}

#[test]
fn an_officer_who_leaves_gives_up_what_they_can_no_longer_do() {
    let mut desk = Desk::plain().at_specialist();
    let id = desk.task("tham-dinh").id;
    assert_eq!(desk.process.give_up(account(HEAD), |_| false), vec![], "theirs are done");
    assert_eq!(desk.process.give_up(account(SPECIALIST), |_| true), vec![], "they can still");
    let from = account(SPECIALIST);
    let freed = desk.process.give_up(from, |_| false);
    assert_eq!(freed, vec![Event::Released { task: id, from }]);
    assert_eq!(desk.task("tham-dinh").state, TaskState::Waiting);

    let mut paused = Desk::plain().at_specialist();
    let now = paused.now;
    paused.process.hear(Fact::SupplementRequested { ask: None }, 4, now);
    assert_eq!(paused.process.give_up(from, |_| false), vec![Event::Released { task: id, from }]);
    paused.process.hear(Fact::SupplementProvided, 5, now);
    assert_eq!(paused.task("tham-dinh").state, TaskState::Waiting, "it comes back to the queue");
}

#[test]
fn only_the_holder_works_on_a_task() {
    let mut desk = Desk::plain();
    assert_eq!(
        desk.forward("phan-cong", HEAD, None),
        Err(Refusal::TaskNotHeld { by: None }),
        "nobody took it"
    );
    desk.take("phan-cong", HEAD).unwrap();
    assert_eq!(
        desk.forward("phan-cong", NEIGHBOUR, None),
        Err(Refusal::TaskNotHeld { by: Some(account(HEAD)) })
    );
}

#[test]
fn a_task_that_is_over_or_unknown_is_refused() {
    let mut desk = Desk::plain();
    let first = desk.task("phan-cong").id;
    desk = desk.at_specialist();
    let now = desk.now;
    assert_eq!(desk.process.take(first, account(HEAD), now), Err(Refusal::TaskDone));
    let unknown = motcua_ids::TaskId::new(motcua_ids::Uuid::nil());
    assert_eq!(desk.process.take(unknown, account(HEAD), now), Err(Refusal::TaskUnknown));
    assert_eq!(desk.process.task(unknown), Err(Refusal::TaskUnknown));
}

#[test]
fn nothing_moves_while_the_citizen_is_asked_or_after_the_end() {
    let paused = {
        let mut desk = Desk::plain().at_specialist();
        desk.process.hear(Fact::SupplementRequested { ask: None }, 4, desk.now);
        desk
    };
    let ended = Desk::plain().finished();
    for (mut desk, refusal) in [(paused, Refusal::DossierWaiting), (ended, Refusal::ProcessEnded)] {
        let id = desk.process.tasks.last().unwrap().id;
        let (by, now) = (account(SPECIALIST), desk.now);
        assert_eq!(desk.process.take(id, by, now), Err(refusal.clone()));
        assert_eq!(desk.process.assign(id, by, now), Err(refusal.clone()));
        assert_eq!(desk.process.release(id), Err(refusal.clone()));
        assert_eq!(desk.process.may_draft(id, by), Err(refusal.clone()));
        assert_eq!(desk.recall_task(id, by), Err(refusal.clone()));
        assert_eq!(desk.process.answer_consult(id, by, now), Err(refusal.clone()));
        assert_eq!(desk.process.withdraw_consult(id, by, now), Err(refusal.clone()));
        assert_eq!(
            desk.process.ask_supplement(id, by, super::support::ask()),
            Err(refusal.clone())
        );
        assert_eq!(desk.process.extend(now, now), Err(refusal));
    }
}

#[test]
fn every_event_raises_the_version() {
    let mut desk = Desk::plain();
    assert_eq!(desk.process.version, 1, "started");
    desk.take("phan-cong", HEAD).unwrap();
    assert_eq!(desk.process.version, 2);
    desk.take("phan-cong", NEIGHBOUR).unwrap_err();
    assert_eq!(desk.process.version, 2, "a refusal changes nothing");
}
