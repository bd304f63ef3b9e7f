//! What the two times are, and what cannot be counted.

use motcua_vn::{
    Act, Clock, ClockPolicy, LimitUnit,
    LimitUnit::{CalendarDays, SameDay, WorkingDays, WorkingHours},
    Terms,
    clock::{ClockError, ClockState, notice_due, supplement_due},
    policy::{Fraction, PolicyProblem},
};

use crate::support::{
    CALENDAR, POLICY, asked, at, calendar_with, due, extended, online, promised, started, supplied,
    terms, text,
};

#[test]
fn legal_and_promised_stand_side_by_side() {
    let times = due(&online(10, WorkingDays), &[started("2025-08-20 09:15")]);
    assert_eq!(text(times.legal), "2025-09-05 09:15");
    assert_eq!(text(times.promised), "2025-08-27 09:15");
    let at_the_desk = due(&terms(10, WorkingDays), &[started("2025-08-20 09:15")]);
    assert_eq!(at_the_desk.legal, at_the_desk.promised);
}

#[test]
fn a_province_without_the_policy_halves_nothing() {
    let plain = ClockPolicy { halving: None, ..POLICY.clone() };
    let terms = online(10, WorkingDays);
    let acts = [started("2025-08-20 09:15")];
    let times = Clock::new(&CALENDAR, &plain, &terms, &acts).unwrap().due();
    assert_eq!(times.legal, times.promised);
}

#[test]
fn halving_touches_only_the_units_it_names() {
    let mut policy = POLICY.clone();
    policy.halving.as_mut().unwrap().units = vec![WorkingDays];
    assert_eq!(
        policy.factor(online(10, WorkingDays).limit, true),
        Fraction { numerator: 1, denominator: 2 }
    );
    for unit in [CalendarDays, WorkingHours, LimitUnit::Months, SameDay] {
        assert_eq!(policy.factor(online(30, unit).limit, true), Fraction::WHOLE);
    }
    assert_eq!(policy.factor(online(10, WorkingDays).limit, false), Fraction::WHOLE);
}

#[test]
fn an_uneven_factor_rounds_up_to_the_minute() {
    let third = Fraction { numerator: 1, denominator: 7 };
    assert_eq!(third.of(480), 69);
    assert_eq!(third.of(0), 0);
    assert_eq!(Fraction::WHOLE.of(481), 481);
}

#[test]
fn seconds_are_dropped() {
    let precise = at("2025-08-20 09:15") + chrono::TimeDelta::milliseconds(59_999);
    let acts = [Act::Started { at: precise }];
    assert_eq!(promised(&terms(3, WorkingDays), &acts), "2025-08-25 09:15");
}

#[test]
fn a_due_time_past_the_data_is_provisional() {
    let late = due(&terms(5, WorkingDays), &[started("2027-12-29 08:00")]);
    assert!(late.provisional);
    assert!(!due(&terms(2, WorkingDays), &[started("2027-12-29 08:00")]).provisional);
}

#[test]
fn a_due_time_counted_over_a_provisional_day_off_is_provisional() {
    let calendar = calendar_with(|data| {
        for day in &mut data.days_off {
            day.provisional = day.date == "2027-02-04".parse().unwrap();
        }
    });
    let provisional = |terms: &Terms, acts: &[Act]| {
        Clock::new(&calendar, &POLICY, terms, acts).unwrap().due().provisional
    };
    let before = started("2027-02-01 08:00");
    assert!(!provisional(&terms(2, WorkingDays), &[before]), "it ends before");
    assert!(provisional(&terms(4, WorkingDays), &[before]));
    assert!(!provisional(&terms(4, WorkingDays), &[started("2027-02-11 08:00")]), "begins behind");
    assert!(provisional(&terms(4, WorkingDays), &[started("2027-02-04 08:00")]), "begins on it");
    assert!(provisional(&terms(3, CalendarDays), &[before]), "the last day is moved over it");
    assert!(!provisional(&terms(20, CalendarDays), &[before]), "a day is a day, off or not");
    assert!(provisional(&terms(1, SameDay), &[started("2027-02-03 15:30")]), "waits for its day");
    let pause = asked("2027-02-02 08:00");
    assert!(provisional(&terms(4, WorkingDays), &[before, pause]), "as foreseen");
    let stood = [before, pause, supplied("2027-02-15 08:00")];
    assert!(!provisional(&terms(4, WorkingDays), &stood), "the clock stood still over it");
}

fn refusal(terms: &Terms, acts: &[Act]) -> ClockError {
    Clock::new(&CALENDAR, &POLICY, terms, acts).unwrap_err()
}

#[test]
fn a_record_that_cannot_have_happened_is_refused_by_name() {
    let start = started("2025-08-20 09:15");
    let ended = Act::Ended { at: at("2025-08-20 12:00") };
    let five = terms(5, WorkingDays);
    for (acts, error) in [
        (vec![], ClockError::NotStarted),
        (vec![asked("2025-08-20 10:00")], ClockError::NotStarted),
        (vec![start, start], ClockError::StartedTwice),
        (vec![start, asked("2025-08-20 09:14")], ClockError::OutOfOrder),
        (
            vec![start, asked("2025-08-20 10:00"), asked("2025-08-20 11:00")],
            ClockError::AlreadyPaused,
        ),
        (vec![start, supplied("2025-08-20 10:00")], ClockError::NotPaused),
        (
            vec![
                start,
                asked("2025-08-20 10:00"),
                extended("2025-08-20 11:00", "2025-09-10 10:00"),
            ],
            ClockError::ExtendedWhilePaused,
        ),
        (
            vec![start, extended("2025-08-21 08:00", "2025-08-22 10:00")],
            ClockError::ExtensionNotLater,
        ),
        (
            vec![start, extended("2025-08-21 08:00", "2025-09-10 12:00")],
            ClockError::ExtensionOutsideOfficeHours,
        ),
        (
            vec![start, extended("2025-08-21 08:00", "2025-09-13 10:00")],
            ClockError::ExtensionOutsideOfficeHours,
        ),
        (vec![start, ended, asked("2025-08-21 08:00")], ClockError::Ended),
    ] {
        assert_eq!(refusal(&five, &acts), error, "{acts:?}");
    }
    for amount in [0, 10_001] {
        let error = refusal(&terms(amount, WorkingDays), &[start]);
        assert_eq!(error, ClockError::LimitOutOfRange { amount });
    }
    let early = refusal(&five, &[started("2023-12-31 09:00")]);
    assert_eq!(early, ClockError::BeforeCalendar { from: "2024-01-01".parse().unwrap() });
}

#[test]
fn every_refusal_has_its_own_reason() {
    use motcua_fault::Refusal;
    let day = "2024-01-01".parse().unwrap();
    let all = [
        ClockError::NotStarted,
        ClockError::StartedTwice,
        ClockError::OutOfOrder,
        ClockError::AlreadyPaused,
        ClockError::NotPaused,
        ClockError::ExtendedWhilePaused,
        ClockError::ExtensionNotLater,
        ClockError::ExtensionOutsideOfficeHours,
        ClockError::Ended,
        ClockError::LimitOutOfRange { amount: 0 },
        ClockError::BeforeCalendar { from: day },
    ];
    let reasons: std::collections::BTreeSet<_> = all.iter().map(Refusal::reason).collect();
    assert_eq!(reasons.len(), all.len());
    assert!(all.iter().all(|e| e.to_string().ends_with('.')));
}

#[test]
fn the_state_says_since_when_something_is_awaited() {
    use motcua_vn::Pause;
    let payment = Act::Paused { at: at("2025-08-21 08:00"), why: Pause::Payment };
    let acts = [
        started("2025-08-20 09:15"),
        asked("2025-08-20 10:00"),
        payment,
        supplied("2025-08-22 08:00"),
    ];
    let state = |n: usize| {
        Clock::new(&CALENDAR, &POLICY, &terms(5, WorkingDays), &acts[..n]).unwrap().state()
    };
    assert_eq!(state(1), ClockState::Running);
    assert_eq!(state(2), ClockState::Paused { since: at("2025-08-20 10:00") });
    // The payment is awaited still.
    assert_eq!(state(4), ClockState::Paused { since: at("2025-08-20 10:00") });
}

#[test]
fn the_applicant_is_told_within_eight_working_hours() {
    let told = |on, online| text(notice_due(&CALENDAR, &POLICY, at(on), online));
    assert_eq!(told("2025-08-22 15:00", true), "2025-08-25 15:00");
    assert_eq!(told("2025-08-23 15:00", true), "2025-08-25 17:00");
    assert_eq!(told("2025-08-22 08:00", false), "2025-08-25 08:00");
}

#[test]
fn a_supplement_is_in_time_until_the_close_of_its_last_day() {
    assert_eq!(text(supplement_due(&CALENDAR, at("2025-08-20 22:00"), 3)), "2025-08-25 17:00");
    assert_eq!(text(supplement_due(&CALENDAR, at("2025-08-20 09:00"), 1)), "2025-08-21 17:00");
    assert_eq!(text(supplement_due(&CALENDAR, at("2025-08-20 09:00"), 12)), "2025-09-03 17:00");
}

#[test]
fn a_policy_tells_everything_that_is_wrong_with_it() {
    assert_eq!(POLICY.problems(), []);
    let mut bad = POLICY.clone();
    bad.sources.payment = " ".into();
    bad.valid_to = Some("2023-01-01".parse().unwrap());
    bad.minutes_per_working_day = 0;
    bad.same_day_cut_off_minute = 1440;
    bad.supplement_days = 0;
    let halving = bad.halving.as_mut().unwrap();
    halving.factor.numerator = 3;
    halving.source.clear();
    assert_eq!(
        bad.problems(),
        [
            PolicyProblem::SourceMissing("payment"),
            PolicyProblem::RangeBackwards,
            PolicyProblem::WorkingDay,
            PolicyProblem::Factor,
            PolicyProblem::SourceMissing("halving"),
            PolicyProblem::CutOff,
            PolicyProblem::NoTime,
        ]
    );
}

#[test]
fn thirty_working_days_are_counted_in_microseconds() {
    const ROUNDS: u32 = 2_000;
    let terms = online(30, WorkingDays);
    let acts = [started("2025-08-20 09:15")];
    let begun = std::time::Instant::now();
    for _ in 0..ROUNDS {
        Clock::new(&CALENDAR, &POLICY, &terms, &acts).unwrap();
    }
    let each = begun.elapsed() / ROUNDS;
    println!("both due times of 30 working days: {each:?}");
    // Unoptimised, on a busy machine; optimised it is about a tenth.
    assert!(each < std::time::Duration::from_millis(1), "{each:?}");
}
