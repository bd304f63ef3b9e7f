//! Supplements under both regimes, other pauses, and new appointments.

use motcua_vn::{
    Act,
    LimitUnit::{CalendarDays, SameDay, WorkingDays},
    Pause, Terms,
};

use crate::support::{
    asked, at, due, extended, online, promised, restarting, started, supplied, terms, text,
};

const START: &str = "2025-08-20 09:15";

#[test]
fn under_shift_the_clock_goes_on_where_it_stood() {
    // One day was used when it stopped; four are left from Tuesday 14:00.
    let acts = [started(START), asked("2025-08-21 09:15"), supplied("2025-08-26 14:00")];
    assert_eq!(promised(&terms(5, WorkingDays), &acts), "2025-09-03 14:00");
    // Without the pause.
    assert_eq!(promised(&terms(5, WorkingDays), &acts[..1]), "2025-08-27 09:15");
}

#[test]
fn under_restart_the_whole_limit_is_counted_anew() {
    let acts = [started(START), asked("2025-08-21 09:15"), supplied("2025-08-26 14:00")];
    assert_eq!(promised(&restarting(3, WorkingDays), &acts), "2025-08-29 14:00");
    assert_eq!(promised(&restarting(5, CalendarDays), &acts), "2025-09-03 17:00");
}

#[test]
fn while_the_clock_stands_the_due_time_stays_as_it_was() {
    let acts = [started(START), asked("2025-08-21 09:15")];
    assert_eq!(promised(&terms(5, WorkingDays), &acts), "2025-08-27 09:15");
}

#[test]
fn a_supplement_asked_twice_is_counted_twice() {
    let acts = [
        started(START),
        asked("2025-08-20 10:15"),
        supplied("2025-08-20 15:00"),
        asked("2025-08-20 16:00"),
        supplied("2025-08-22 08:00"),
    ];
    // Two hours are used: fourteen are left from Friday 08:00.
    assert_eq!(promised(&terms(2, WorkingDays), &acts), "2025-08-25 16:00");
}

#[test]
fn a_pause_outside_office_hours_takes_no_time() {
    let plain = promised(&terms(3, WorkingDays), &[started(START)]);
    for (from, until) in [
        ("2025-08-20 17:30", "2025-08-21 06:00"),
        ("2025-08-20 11:30", "2025-08-20 13:30"),
        ("2025-08-22 17:00", "2025-08-25 07:00"),
        ("2025-08-23 09:00", "2025-08-24 16:00"),
    ] {
        let acts = [started(START), asked(from), supplied(until)];
        assert_eq!(promised(&terms(3, WorkingDays), &acts), plain, "{from}");
    }
}

#[test]
fn a_late_pause_does_not_cure_the_delay() {
    let acts = [started(START), asked("2025-08-26 08:00"), supplied("2025-08-28 08:00")];
    assert_eq!(promised(&terms(3, WorkingDays), &acts), "2025-08-25 09:15");
    // Asked at the very minute it was due.
    let acts = [started(START), asked("2025-08-25 09:15"), supplied("2025-08-28 08:00")];
    assert_eq!(promised(&terms(3, WorkingDays), &acts), "2025-08-25 09:15");
    // A minute before.
    let acts = [started(START), asked("2025-08-25 09:14"), supplied("2025-08-28 08:00")];
    assert_eq!(promised(&terms(3, WorkingDays), &acts), "2025-08-28 08:01");
    // Under restart the law counts from the complete dossier all the same.
    let acts = [started(START), asked("2025-08-26 08:00"), supplied("2025-08-28 08:00")];
    assert_eq!(promised(&restarting(1, WorkingDays), &acts), "2025-08-29 08:00");
}

#[test]
fn calendar_days_move_by_the_days_the_clock_stood() {
    let limit = terms(10, CalendarDays);
    assert_eq!(promised(&limit, &[started(START)]), "2025-09-03 17:00");
    for (from, until, due) in [
        // Saturday 30/8 and four days: Wednesday 3/9.
        ("2025-08-21 10:00", "2025-08-25 10:00", "2025-09-03 17:00"),
        ("2025-08-21 10:00", "2025-08-28 10:00", "2025-09-08 17:00"),
        // The same day.
        ("2025-08-21 08:00", "2025-08-21 16:00", "2025-09-03 17:00"),
        // On the last day, which was moved off the holidays: it moves on.
        ("2025-09-03 08:00", "2025-09-05 08:00", "2025-09-05 17:00"),
    ] {
        let acts = [started(START), asked(from), supplied(until)];
        assert_eq!(promised(&limit, &acts), due, "{from}");
    }
}

#[test]
fn a_same_day_procedure_is_due_on_the_day_of_the_supplement() {
    let limit = terms(1, SameDay);
    for (until, due) in [
        ("2025-08-22 10:00", "2025-08-22 17:00"),
        ("2025-08-22 15:30", "2025-08-25 17:00"),
        ("2025-08-20 11:00", "2025-08-20 17:00"),
    ] {
        let acts = [started(START), asked("2025-08-20 10:00"), supplied(until)];
        assert_eq!(promised(&limit, &acts), due, "{until}");
    }
}

#[test]
fn payment_and_withdrawal_always_shift() {
    for why in [Pause::Payment, Pause::Withdrawal] {
        let acts = [
            started(START),
            Act::Paused { at: at("2025-08-21 09:15"), why },
            Act::Resumed { at: at("2025-08-22 09:15"), why },
        ];
        assert_eq!(promised(&restarting(3, WorkingDays), &acts), "2025-08-26 09:15");
    }
}

#[test]
fn the_clock_stands_while_anything_is_awaited() {
    let withdrawal = |at| Act::Paused { at, why: Pause::Withdrawal };
    let refused = |at| Act::Resumed { at, why: Pause::Withdrawal };
    let acts = [
        started(START),
        asked("2025-08-20 10:15"),
        withdrawal(at("2025-08-20 14:00")),
        supplied("2025-08-20 15:00"),
        refused(at("2025-08-21 08:00")),
    ];
    // One hour was used; seven are left from Thursday 08:00.
    assert_eq!(promised(&terms(1, WorkingDays), &acts), "2025-08-21 17:00");
    // Under restart the supplement is remembered until the clock runs again.
    assert_eq!(promised(&restarting(1, WorkingDays), &acts), "2025-08-22 08:00");
}

#[test]
fn a_new_appointment_moves_the_promise_and_never_the_legal_time() {
    let acts = [started(START), extended("2025-08-25 08:00", "2025-09-04 10:00")];
    let times = due(&terms(5, WorkingDays), &acts);
    assert_eq!(text(times.promised), "2025-09-04 10:00");
    assert_eq!(text(times.legal), "2025-08-27 09:15");
}

#[test]
fn a_new_appointment_may_be_at_an_opening_or_a_closing() {
    for until in ["2025-09-04 07:00", "2025-09-04 13:30", "2025-09-04 11:30", "2025-09-04 17:00"] {
        let acts = [started(START), extended("2025-08-25 08:00", until)];
        assert_eq!(promised(&terms(5, WorkingDays), &acts), until);
        assert_eq!(promised(&terms(5, CalendarDays), &acts), until);
    }
}

#[test]
fn a_new_appointment_is_paused_like_the_first() {
    let acts = [
        started(START),
        extended("2025-08-25 08:00", "2025-08-29 10:00"),
        asked("2025-08-28 10:00"),
        supplied("2025-09-04 10:00"),
    ];
    assert_eq!(promised(&terms(3, WorkingDays), &acts), "2025-09-05 10:00");
    let anew: Terms = restarting(3, WorkingDays);
    assert_eq!(promised(&anew, &acts), "2025-09-09 10:00");
}

#[test]
fn a_late_apology_counts_from_itself() {
    let acts = [started(START), extended("2025-08-28 08:00", "2025-08-29 10:00")];
    assert_eq!(promised(&terms(3, WorkingDays), &acts), "2025-08-29 10:00");
}

#[test]
fn both_sides_pause_each_by_its_own_due_time() {
    // Promised Wednesday 27/8 09:15, legal Friday 5/9 09:15; asked in between.
    let acts = [started(START), asked("2025-08-28 08:00"), supplied("2025-08-29 08:00")];
    let times = due(&online(10, WorkingDays), &acts);
    assert_eq!(text(times.promised), "2025-08-27 09:15");
    assert_eq!(text(times.legal), "2025-09-08 09:15");
}

#[test]
fn the_end_changes_nothing() {
    let acts = [started(START), Act::Ended { at: at("2025-08-21 08:00") }];
    assert_eq!(promised(&terms(3, WorkingDays), &acts), "2025-08-25 09:15");
}
