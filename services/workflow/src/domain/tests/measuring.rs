use std::collections::BTreeMap;

use motcua_vn::SupplementRegime;

use super::support::{Desk, HEAD, LEADER, SPECIALIST, at, plan, terms};
use crate::domain::{Event, Fact, Quota, Timeliness};

#[test]
fn each_step_is_measured_by_its_quota() {
    let desk = Desk::plain();
    let due = desk.task("phan-cong").due.unwrap();
    assert_eq!(due.at, at("2025-08-20 11:15"));
    assert_eq!(due.near_at, at("2025-08-20 10:45"), "the last quarter");
    for (now, verdict) in [
        ("2025-08-20 10:44", Timeliness::OnTime),
        ("2025-08-20 10:45", Timeliness::NearDue),
        ("2025-08-20 11:15", Timeliness::NearDue),
        ("2025-08-20 11:16", Timeliness::Overdue),
    ] {
        assert_eq!(desk.task("phan-cong").timeliness(at(now)), Some(verdict), "{now}");
    }
}

#[test]
fn what_ended_is_early_on_time_or_overdue_by_the_day() {
    let due = at("2025-08-20 11:15");
    for (ended, verdict) in [
        ("2025-08-19 16:00", Timeliness::Early),
        ("2025-08-20 07:00", Timeliness::OnTime),
        ("2025-08-20 11:15", Timeliness::OnTime),
        ("2025-08-20 11:16", Timeliness::Overdue),
    ] {
        assert_eq!(Timeliness::of_ended(due, at(ended)), verdict, "{ended}");
    }
}

#[test]
fn a_step_that_comes_back_goes_on_with_what_was_left() {
    let mut desk = Desk::plain().at_leader();
    // The leader has 240 minutes and uses 60; the specialist used none of 960.
    desk = desk.wait_until("2025-08-20 10:15");
    desk.send_back("ky", LEADER, None).unwrap();
    assert_eq!(desk.task("tham-dinh").due.unwrap().at, at("2025-08-22 10:15"));
    desk.forward("tham-dinh", SPECIALIST, Some("ky")).unwrap();
    assert_eq!(desk.task("ky").due.unwrap().at, at("2025-08-20 15:15"), "180 minutes left");
}

#[test]
fn steps_of_a_group_draw_on_one_quota() {
    let mut shared = plan();
    shared.groups = BTreeMap::from([("phong".to_owned(), 480)]);
    for step in &mut shared.steps[..2] {
        step.quota = Quota::Shared("phong".to_owned());
    }
    let mut desk = Desk::with(&shared, Some(terms(3, SupplementRegime::Shift)));
    desk.take("phan-cong", HEAD).unwrap();
    desk = desk.wait_until("2025-08-20 10:15");
    desk.forward("phan-cong", HEAD, None).unwrap();
    assert_eq!(desk.task("tham-dinh").due.unwrap().at, at("2025-08-21 09:15"), "420 left");
}

#[test]
fn a_pause_does_not_use_up_a_quota_nor_cure_a_delay() {
    let mut desk = Desk::plain().at_specialist();
    let request = Fact::SupplementRequested { ask: None };
    desk.process.hear(request, 4, at("2025-08-20 10:15"));
    desk.process.hear(Fact::SupplementProvided, 5, at("2025-08-22 10:15"));
    // 900 of 960 minutes were left.
    assert_eq!(desk.task("tham-dinh").due.unwrap().at, at("2025-08-26 09:15"));

    let mut late = Desk::plain();
    late.process.hear(request, 4, at("2025-08-20 15:15"));
    late.process.hear(Fact::SupplementProvided, 5, at("2025-08-21 15:15"));
    let task = late.task("phan-cong");
    assert_eq!(task.due.unwrap().at, at("2025-08-21 15:15"), "nothing was left");
}

#[test]
fn quotas_shrink_with_the_limit_and_vanish_without_one() {
    let half = Desk::with(&plan(), Some(terms(1, SupplementRegime::Shift)));
    // 120 of 1,440 minutes, for a limit of 480: 40.
    assert_eq!(half.task("phan-cong").due.unwrap().at, at("2025-08-20 09:55"));
    let none = Desk::with(&plan(), None);
    assert!(none.task("phan-cong").due.is_none());
    let mut absolute = plan();
    absolute.base_minutes = 0;
    let kept = Desk::with(&absolute, None);
    assert_eq!(kept.task("phan-cong").due.unwrap().at, at("2025-08-20 11:15"));
}

#[test]
fn a_warning_and_a_delay_are_each_said_once() {
    // 1,440 minutes in all: the warning comes 360 minutes before the end.
    let mut desk = Desk::plain();
    let due = at("2025-08-25 09:15");
    let near = at("2025-08-22 11:15");
    assert_eq!(desk.process.alarm(desk.now).unwrap().near_at, near);
    assert_eq!(desk.process.warn(at("2025-08-22 11:14")), vec![], "too early");
    assert_eq!(desk.process.warn(near), vec![Event::NearDue { due }]);
    assert_eq!(desk.process.warn(near), vec![], "said");
    assert_eq!(desk.process.mark_overdue(at("2025-08-25 09:14")), vec![], "not yet");
    assert_eq!(desk.process.mark_overdue(due), vec![Event::Overdue { due }]);
    assert_eq!(desk.process.mark_overdue(due), vec![], "said");
    assert_eq!(desk.process.warn(due), vec![], "past");
    let mut ended = Desk::plain().finished();
    assert_eq!(ended.process.mark_overdue(at("2025-08-26 09:15")), vec![], "ended");
}

#[test]
fn the_record_alone_gives_the_due_times_again() {
    let mut desk = Desk::plain().at_specialist();
    desk.process.hear(Fact::SupplementRequested { ask: None }, 4, at("2025-08-21 09:15"));
    desk.process.hear(Fact::SupplementProvided, 5, at("2025-08-25 09:15"));
    desk.process.extend(at("2025-09-03 09:00"), at("2025-08-25 10:00")).unwrap();
    let clock = &desk.process.clock;
    let again = crate::domain::DossierClock::from_record(
        clock.calendar().clone(),
        clock.policy().clone(),
        clock.terms().cloned(),
        clock.acts().to_vec(),
    )
    .unwrap();
    assert_eq!(again.due(), desk.process.due());
    let explained = again.explain().unwrap().unwrap();
    assert_eq!(Some(explained.due), desk.process.due());
    assert!(explained.promised.iter().all(|row| !row.source.is_empty() && !row.text.is_empty()));
}
