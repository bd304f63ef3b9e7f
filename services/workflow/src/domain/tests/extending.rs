use super::support::{Desk, at, plan};
use crate::domain::{DueDateChange, Event, Refusal};

// Three working days from Wednesday 2025-08-20 09:15: Monday 2025-08-25 09:15.
const DUE: &str = "2025-08-25 09:15";

#[test]
fn an_extension_moves_the_promise_and_not_the_law() {
    let mut desk = Desk::plain();
    let before = desk.process.due().unwrap();
    assert_eq!(before.promised, at(DUE));
    let events = desk.process.extend(at("2025-08-28 17:00"), desk.now).unwrap();
    let after = desk.process.due().unwrap();
    assert_eq!(after.promised, at("2025-08-28 17:00"));
    assert_eq!(after.legal, before.legal);
    let change = DueDateChange::Extension;
    assert_eq!(events, vec![Event::DueDateChanged { change, before, after }]);
}

#[test]
fn an_extension_is_refused() {
    let due = at(DUE);
    for (now, new_due, refusal) in [
        ("2025-08-20 10:00", "2025-08-25 09:15", Refusal::ExtensionNotLater { due }),
        ("2025-08-20 10:00", "2025-08-22 09:15", Refusal::ExtensionNotLater { due }),
        ("2025-08-22 09:16", "2025-08-28 09:00", Refusal::ExtensionTooLate { due }),
        ("2025-08-26 09:16", "2025-08-28 09:00", Refusal::ExtensionTooLate { due }),
        (
            "2025-08-20 10:00",
            "2025-08-30 09:00",
            Refusal::ExtensionOutsideHours { next: at("2025-09-01 07:00") },
        ),
    ] {
        let mut desk = Desk::plain().wait_until(now);
        assert_eq!(desk.process.extend(at(new_due), desk.now), Err(refusal), "{now} {new_due}");
    }
}

#[test]
fn a_working_day_before_is_early_enough_and_once_is_all() {
    let mut desk = Desk::plain().wait_until("2025-08-22 09:15");
    desk.process.extend(at("2025-08-28 09:00"), desk.now).unwrap();
    let first = desk.now;
    assert_eq!(
        desk.process.extend(at("2025-09-05 09:00"), first),
        Err(Refusal::AlreadyExtended { at: first })
    );
}

#[test]
fn without_a_due_date_there_is_nothing_to_extend() {
    let mut desk = Desk::with(&plan(), None);
    assert_eq!(desk.process.extend(at(DUE), desk.now), Err(Refusal::NoDueDate));
}
