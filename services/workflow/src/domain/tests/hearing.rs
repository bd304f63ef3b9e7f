use motcua_vn::SupplementRegime;

use super::support::{ACCEPTED, Desk, SPECIALIST, account, ask, at, plan, terms};
use crate::domain::{DueDateChange, Event, Fact, Refusal, State, StopCause, TaskEnd, TaskState};

fn pause(desk: &mut Desk, version: i64, text: &str) -> Vec<Event> {
    desk.process.hear(Fact::SupplementRequested { ask: Some(ask()) }, version, at(text))
}

fn resume(desk: &mut Desk, version: i64, text: &str) -> Vec<Event> {
    desk.process.hear(Fact::SupplementProvided, version, at(text))
}

#[test]
fn a_supplement_shifts_the_due_date_and_restores_step_and_person() {
    let mut desk = Desk::plain().at_specialist();
    let before = desk.process.due().unwrap();
    desk.ask("tham-dinh", SPECIALIST).unwrap();
    assert_eq!(
        pause(&mut desk, 4, "2025-08-21 09:15"),
        vec![Event::SupplementRequested { ask: Some(ask()) }]
    );
    assert!(matches!(desk.process.state(), State::AwaitingSupplement { .. }));
    assert!(matches!(desk.task("tham-dinh").state, TaskState::Suspended(Some(_))));
    assert!(desk.process.alarm(at("2025-08-21 09:15")).is_none(), "the clock stands still");

    // Two working days away: due two working days later.
    let events = resume(&mut desk, 5, "2025-08-25 09:15");
    let after = desk.process.due().unwrap();
    let change = DueDateChange::Supplement;
    assert_eq!(
        events,
        vec![
            Event::SupplementProvided { ask: Some(ask()) },
            Event::DueDateChanged { change, before, after }
        ]
    );
    assert_eq!(after.promised, at("2025-08-27 09:15"));
    assert_eq!(desk.process.state(), State::Running);
    assert_eq!(desk.task("tham-dinh").state.holder(), Some(account(SPECIALIST)));
    assert!(desk.process.progress.ask.is_none(), "the ask is answered");
}

#[test]
fn a_restart_counts_the_whole_limit_anew() {
    let mut desk = Desk::with(&plan(), Some(terms(3, SupplementRegime::Restart))).at_specialist();
    pause(&mut desk, 4, "2025-08-22 09:15");
    resume(&mut desk, 5, "2025-08-25 10:00");
    assert_eq!(desk.process.due().unwrap().promised, at("2025-08-28 10:00"));
    assert_eq!(desk.task("tham-dinh").due.unwrap().at, at("2025-08-27 10:00"), "960 minutes");
}

#[test]
fn a_second_supplement_shifts_again() {
    let mut desk = Desk::plain().at_specialist();
    pause(&mut desk, 4, "2025-08-21 09:15");
    resume(&mut desk, 5, "2025-08-22 09:15");
    pause(&mut desk, 6, "2025-08-25 09:15");
    resume(&mut desk, 7, "2025-08-26 09:15");
    assert_eq!(desk.process.due().unwrap().promised, at("2025-08-27 09:15"));
}

#[test]
fn what_is_owed_stops_the_clock_until_it_is_paid() {
    let mut desk = Desk::plain().at_specialist();
    let before = desk.process.due().unwrap();
    let awaited = desk.process.hear(Fact::PaymentAwaited, 4, at("2025-08-21 09:15"));
    assert_eq!(awaited, vec![Event::PaymentAwaited]);
    assert!(matches!(desk.process.state(), State::AwaitingPayment { .. }));
    assert!(matches!(desk.task("tham-dinh").state, TaskState::Suspended(Some(_))));
    assert_eq!(
        desk.draft("tham-dinh", SPECIALIST, 1).unwrap_err(),
        Refusal::DossierWaiting,
        "nobody works meanwhile"
    );
    assert_eq!(desk.process.hear(Fact::PaymentAwaited, 5, desk.now), vec![], "twice");
    assert_eq!(desk.process.hear(Fact::SupplementProvided, 6, desk.now), vec![], "another wait");

    let events = desk.process.hear(Fact::PaymentMade, 7, at("2025-08-22 09:15"));
    let after = desk.process.due().unwrap();
    let change = DueDateChange::Payment;
    assert_eq!(events, vec![Event::PaymentMade, Event::DueDateChanged { change, before, after }]);
    assert_eq!(after.promised, at("2025-08-26 09:15"), "a working day later");
    assert_eq!(desk.task("tham-dinh").state.holder(), Some(account(SPECIALIST)));
    assert_eq!(desk.process.hear(Fact::PaymentMade, 8, desk.now), vec![], "twice");
}

#[test]
fn the_desk_may_decline() {
    let mut desk = Desk::plain().at_specialist();
    desk.ask("tham-dinh", SPECIALIST).unwrap();
    let declined = desk.process.hear(Fact::SupplementDeclined { ask: ask() }, 4, desk.now);
    assert_eq!(declined, vec![Event::SupplementDeclined { ask: ask() }]);
    desk.draft("tham-dinh", SPECIALIST, 1).unwrap();
    desk.forward("tham-dinh", SPECIALIST, Some("ky")).unwrap();
}

#[test]
fn late_and_repeated_facts_change_nothing() {
    let mut desk = Desk::plain().at_specialist();
    assert_eq!(resume(&mut desk, 4, "2025-08-21 09:15"), vec![], "nothing was asked");
    pause(&mut desk, 6, "2025-08-21 09:15");
    let paused = desk.process.clone();
    assert_eq!(pause(&mut desk, 6, "2025-08-21 09:20"), vec![], "twice");
    assert_eq!(resume(&mut desk, 5, "2025-08-22 09:15"), vec![], "an older version");
    assert_eq!(desk.process, paused);
    let other = motcua_ids::SupplementId::new(motcua_ids::Uuid::nil());
    assert_eq!(desk.process.hear(Fact::SupplementDeclined { ask: other }, 7, desk.now), vec![]);
}

#[test]
fn each_fact_in_each_state() {
    let now = at("2025-08-21 10:00");
    let running = Desk::plain().at_specialist();
    let decided = Desk::plain().at_clerk();
    let waiting = {
        let mut desk = running.clone();
        pause(&mut desk, 4, "2025-08-21 09:15");
        desk
    };
    let finished = Desk::plain().finished();
    let heard = |desk: &Desk, fact| {
        let mut desk = desk.clone();
        desk.process.hear(fact, 9, now);
        desk
    };
    let returned = heard(&finished, Fact::Returned);
    let closed = heard(&returned, Fact::Closed);
    let stopped = heard(&running, Fact::Stopped);

    let stop = |cause| vec![Event::Stopped { cause }];
    let withdrawn = || stop(StopCause::Withdrawn);
    let expired = || stop(StopCause::SupplementExpired);
    let by_desk = || stop(StopCause::Desk);
    let refused = || vec![Event::StopRefused];
    #[rustfmt::skip]
    let table = [
        // state      withdrawal   stopped    expired    returned                closed
        (&running,  [withdrawn(), by_desk(), expired(), vec![],                vec![]]),
        (&waiting,  [withdrawn(), by_desk(), expired(), vec![],                vec![]]),
        (&decided,  [refused(),   by_desk(), expired(), vec![],                vec![]]),
        (&finished, [refused(),   vec![],    vec![],    vec![Event::Returned], vec![Event::Closed]]),
        (&returned, [refused(),   vec![],    vec![],    vec![],                vec![Event::Closed]]),
        (&closed,   [refused(),   vec![],    vec![],    vec![],                vec![]]),
        (&stopped,  [vec![],      vec![],    vec![],    vec![],                vec![]]),
    ];
    let facts = [
        Fact::WithdrawalRequested,
        Fact::Stopped,
        Fact::SupplementExpired,
        Fact::Returned,
        Fact::Closed,
    ];
    for (desk, expected) in table {
        for (fact, events) in facts.into_iter().zip(expected) {
            let mut process = desk.process.clone();
            assert_eq!(process.hear(fact, 10, now), events, "{:?} {fact:?}", desk.process.state());
        }
    }
}

#[test]
fn a_stop_ends_every_task_and_the_clock() {
    let mut desk = Desk::plain().at_specialist();
    desk.ask("tham-dinh", SPECIALIST).unwrap();
    pause(&mut desk, 4, "2025-08-21 09:15");
    let now = at("2025-08-22 09:15");
    desk.process.hear(Fact::WithdrawalRequested, 5, now);
    assert_eq!(desk.process.state(), State::Stopped { at: now, cause: StopCause::Withdrawn });
    assert_eq!(desk.process.open_tasks().count(), 0);
    let TaskState::Done(ending) = &desk.process.tasks.last().unwrap().state else { panic!("open") };
    assert_eq!((ending.end, ending.by), (TaskEnd::Cancelled, Some(account(SPECIALIST))));
    let id = desk.process.tasks[0].id;
    assert_eq!(desk.process.take(id, account(1), now), Err(Refusal::ProcessEnded));
}

#[test]
fn a_supplement_asked_before_the_start_of_the_next_day_never_shortens_the_limit() {
    let mut desk = Desk::plain();
    let before = desk.process.due().unwrap();
    pause(&mut desk, 4, "2025-08-20 18:00");
    resume(&mut desk, 5, "2025-08-20 20:00");
    assert_eq!(desk.process.due(), Some(before), "no office time passed since {ACCEPTED}");
}
