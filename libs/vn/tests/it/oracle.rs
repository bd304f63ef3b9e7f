//! The crate against `oracle.py`, which shares no code with it.

use std::{
    io::Write,
    process::{Command, Stdio},
};

use chrono::{Datelike, TimeDelta, Weekday};
use motcua_vn::{
    Act, Clock, LimitUnit, Pause, SupplementRegime, Terms, TimeLimit, Timestamp, WorkingCalendar,
    calendar::{OfficeHours, OfficeSpan},
};
use serde_json::json;

use crate::support::{CALENDAR, POLICY, at, calendar_with, text};

const CASES: usize = 1_000;

/// A small generator of its own, so that the cases are the same every time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % sides
    }

    fn minutes(&mut self, most: u64) -> TimeDelta {
        TimeDelta::seconds(i64::try_from(self.roll(most * 60)).unwrap())
    }
}

fn some_terms(dice: &mut Dice) -> Terms {
    let (unit, most) = match dice.roll(10) {
        0..4 => (LimitUnit::WorkingDays, 22),
        4..6 => (LimitUnit::WorkingHours, 60),
        6..8 => (LimitUnit::CalendarDays, 45),
        8 => (LimitUnit::Months, 4),
        _ => (LimitUnit::SameDay, 1),
    };
    let amount = u32::try_from(1 + dice.roll(most)).unwrap();
    let regime =
        if dice.roll(2) == 0 { SupplementRegime::Shift } else { SupplementRegime::Restart };
    let limit = TimeLimit::new(amount, unit);
    Terms { limit, limit_source: String::new(), filed_online: dice.roll(2) == 0, regime }
}

/// A record that can have happened, with pauses (some within each other) and
/// perhaps a new appointment, early or late.
fn some_acts(dice: &mut Dice, calendar: &WorkingCalendar, terms: &Terms) -> Vec<Act> {
    let mut now: Timestamp = at("2024-02-01 00:00") + dice.minutes(1_150 * 1_440);
    let mut acts = vec![Act::Started { at: now }];
    let whys = [Pause::Supplement, Pause::Payment, Pause::Withdrawal];
    for _ in 0..dice.roll(4) {
        now += dice.minutes(6 * 1_440);
        if dice.roll(4) == 0 {
            let due = Clock::new(calendar, &POLICY, terms, &acts).unwrap().due().promised;
            let until = calendar.after(due.max(now), u32::try_from(1 + dice.roll(3_000)).unwrap());
            acts.push(Act::Extended { at: now, until });
            continue;
        }
        let why = whys[usize::try_from(dice.roll(3)).unwrap()];
        acts.push(Act::Paused { at: now, why });
        now += dice.minutes(6 * 1_440);
        let other = whys[usize::try_from(dice.roll(3)).unwrap()];
        if other != why && dice.roll(3) == 0 {
            acts.push(Act::Paused { at: now, why: other });
            now += dice.minutes(2 * 1_440);
            acts.push(Act::Resumed { at: now, why });
            now += dice.minutes(2 * 1_440);
            acts.push(Act::Resumed { at: now, why: other });
        } else {
            acts.push(Act::Resumed { at: now, why });
        }
    }
    acts
}

/// Offices that open on Saturday morning and close early on Friday.
fn unusual() -> WorkingCalendar {
    calendar_with(|data| {
        let span = |open, close| OfficeSpan { open, close };
        data.office_hours[4].spans = vec![span(450, 660), span(780, 945)];
        let spans = vec![span(480, 705)];
        data.office_hours.push(OfficeHours { weekday: Weekday::Sat, spans });
        data.make_up_days.retain(|day| day.date.weekday() != Weekday::Sat);
    })
}

#[test]
fn due_times_agree_with_the_oracle_over_several_years() {
    agree(&CALENDAR, "usual", 20_261_121);
}

#[test]
fn they_agree_where_the_office_hours_are_unusual() {
    agree(&unusual(), "unusual", 7);
}

fn agree(calendar: &WorkingCalendar, name: &str, seed: u64) {
    let mut dice = Dice(seed);
    let mut cases = String::new();
    let mut expected = Vec::new();
    for _ in 0..CASES {
        let terms = some_terms(&mut dice);
        let acts = some_acts(&mut dice, calendar, &terms);
        let due = Clock::new(calendar, &POLICY, &terms, &acts).unwrap().due();
        let factor = POLICY.factor(terms.limit, terms.filed_online);
        let case = json!({
            "limit": terms.limit,
            "factor": [factor.numerator, factor.denominator],
            "per_day": POLICY.minutes_per_working_day,
            "cut_off": POLICY.same_day_cut_off_minute,
            "regime": terms.regime,
            "acts": acts,
        });
        cases.push_str(&case.to_string());
        cases.push('\n');
        expected.push((case, [text(due.legal), text(due.promised)]));
    }
    let file = format!("{}/oracle-{name}.json", env!("CARGO_TARGET_TMPDIR"));
    std::fs::write(&file, serde_json::to_string(calendar).unwrap()).unwrap();
    let Some(answers) = ask(&file, cases) else { return };
    let answers: Vec<[String; 2]> =
        answers.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(answers.len(), CASES);
    for ((case, ours), oracle) in expected.into_iter().zip(answers) {
        assert_eq!(ours, oracle, "[legal, promised] of {case}");
    }
}

/// The oracle's answers; none where this machine is said to have no Python.
fn ask(calendar: &str, cases: String) -> Option<String> {
    let root = env!("CARGO_MANIFEST_DIR");
    let started = Command::new("python3")
        .arg(format!("{root}/tests/oracle.py"))
        .arg(calendar)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    #[expect(
        clippy::disallowed_methods,
        reason = "a test's switch, not the product's configuration"
    )]
    let excused = std::env::var("MOTCUA_NO_PYTHON").is_ok();
    let mut oracle = match started {
        Ok(oracle) => oracle,
        Err(_) if excused => return None,
        Err(e) => panic!("python3 is needed (or set MOTCUA_NO_PYTHON): {e}"),
    };
    let mut stdin = oracle.stdin.take().unwrap();
    let feeder = std::thread::spawn(move || stdin.write_all(cases.as_bytes()));
    let output = oracle.wait_with_output().unwrap();
    feeder.join().unwrap().unwrap();
    assert!(output.status.success(), "the oracle failed");
    Some(String::from_utf8(output.stdout).unwrap())
}
