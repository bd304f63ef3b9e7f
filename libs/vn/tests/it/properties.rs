//! What holds for every record.

use chrono::TimeDelta;
use motcua_vn::{
    Act, Clock, ClockRow, LimitUnit, Pause, RowKind, SupplementRegime, Terms, TimeLimit, Timestamp,
    clock::Explanation,
};
use proptest::prelude::*;

use crate::support::{CALENDAR, POLICY, at, calendar_with};

/// Minutes from 2024-02-01 to the middle of 2027.
const SPAN: i64 = 1_200 * 1_440;

fn instant(minute: i64) -> Timestamp {
    at("2024-02-01 00:00") + TimeDelta::minutes(minute)
}

fn units() -> impl Strategy<Value = LimitUnit> {
    prop_oneof![
        4 => Just(LimitUnit::WorkingDays),
        2 => Just(LimitUnit::WorkingHours),
        2 => Just(LimitUnit::CalendarDays),
        1 => Just(LimitUnit::Months),
        1 => Just(LimitUnit::SameDay),
    ]
}

prop_compose! {
    fn some_terms()(
        unit in units(),
        amount in 1..40_u32,
        filed_online: bool,
        restart: bool,
    ) -> Terms {
        let regime = if restart { SupplementRegime::Restart } else { SupplementRegime::Shift };
        let amount = if unit == LimitUnit::Months { 1 + amount % 6 } else { amount };
        Terms { limit: TimeLimit::new(amount, unit), limit_source: String::new(), filed_online, regime }
    }
}

prop_compose! {
    /// A start and up to three pauses one after another, the last perhaps open.
    fn some_acts()(
        start in 0..SPAN,
        gaps in prop::collection::vec((0..12_000_i64, 0..12_000_i64, 0..3_usize), 0..4),
        open: bool,
    ) -> Vec<Act> {
        let whys = [Pause::Supplement, Pause::Payment, Pause::Withdrawal];
        let mut acts = vec![Act::Started { at: instant(start) }];
        let mut now = start;
        for (run, stand, why) in gaps {
            now += run;
            acts.push(Act::Paused { at: instant(now), why: whys[why] });
            now += stand;
            acts.push(Act::Resumed { at: instant(now), why: whys[why] });
        }
        if open && acts.len() > 1 {
            acts.pop();
        }
        acts
    }
}

fn explain(terms: &Terms, acts: &[Act]) -> Explanation {
    Clock::new(&CALENDAR, &POLICY, terms, acts).unwrap().explain()
}

/// Rows are in order, with no office time between two, and each rests on something.
fn joined(rows: &[ClockRow]) -> Result<(), TestCaseError> {
    for pair in rows.windows(2) {
        let until = pair[0].until.unwrap();
        prop_assert!(until <= pair[1].from, "{:?}", pair);
        prop_assert_eq!(CALENDAR.minutes_between(until, pair[1].from), 0, "{:?}", pair);
    }
    for row in rows {
        prop_assert!(!row.source.is_empty() && !row.text.is_empty());
        let counts = matches!(row.kind, RowKind::Counted | RowKind::MakeUp);
        prop_assert!(counts || row.kind == RowKind::Restart || row.counted_minutes == 0);
        if counts && row.counted_minutes > 0 {
            let inside = CALENDAR.minutes_between(row.from, row.until.unwrap());
            prop_assert_eq!(inside, row.counted_minutes);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn later_receipt_is_never_due_earlier(terms in some_terms(), a in 0..SPAN, gap in 0..20_000_i64) {
        let due = |minute| {
            let acts = [Act::Started { at: instant(minute) }];
            Clock::new(&CALENDAR, &POLICY, &terms, &acts).unwrap().due()
        };
        let (first, second) = (due(a), due(a + gap));
        prop_assert!(first.legal <= second.legal);
        prop_assert!(first.promised <= second.promised);
        prop_assert!(first.promised <= first.legal);
        prop_assert!(first.promised >= instant(a));
    }

    #[test]
    fn a_longer_limit_is_never_due_earlier(terms in some_terms(), start in 0..SPAN) {
        let longer = Terms { limit: TimeLimit::new(terms.limit.amount + 1, terms.limit.unit), ..terms.clone() };
        let acts = [Act::Started { at: instant(start) }];
        let (short, long) = (explain(&terms, &acts).due, explain(&longer, &acts).due);
        prop_assert!(short.legal <= long.legal);
    }

    #[test]
    fn waiting_longer_is_never_due_earlier(terms in some_terms(), acts in some_acts(), more in 0..9_000_i64) {
        let Some((Act::Resumed { at, why }, before)) = acts.split_last() else { return Ok(()) };
        let mut later = before.to_vec();
        later.push(Act::Resumed { at: *at + TimeDelta::minutes(more), why: *why });
        let (first, second) = (explain(&terms, &acts).due, explain(&terms, &later).due);
        prop_assert!(first.legal <= second.legal);
        prop_assert!(first.promised <= second.promised);
    }

    #[test]
    fn a_due_time_is_in_office_hours_or_at_their_end(terms in some_terms(), acts in some_acts()) {
        let due = explain(&terms, &acts).due;
        for at in [due.legal, due.promised] {
            prop_assert_eq!(CALENDAR.minutes_between(at - TimeDelta::minutes(1), at), 1);
        }
    }

    #[test]
    fn the_rows_sum_to_the_due_instant(terms in some_terms(), acts in some_acts()) {
        let open = matches!(acts.last(), Some(Act::Paused { .. }));
        let explained = explain(&terms, &acts);
        for (rows, due) in [
            (&explained.legal, explained.due.legal),
            (&explained.promised, explained.due.promised),
        ] {
            joined(rows)?;
            let last = rows.iter().rfind(|row| row.kind != RowKind::Provisional).unwrap();
            if open && last.until.is_none() {
                continue;
            }
            prop_assert_eq!(last.until, Some(due));
            let minutes: i64 = rows.iter().map(|row| row.counted_minutes).sum();
            if let Some(limit) = terms.limit.working_minutes(&POLICY) {
                let halved = rows.iter().any(|row| row.kind == RowKind::Halving);
                prop_assert_eq!(minutes, if halved { (limit + 1) / 2 } else { limit });
            }
            if terms.limit.unit == LimitUnit::CalendarDays {
                let days: i64 = rows.iter().map(|row| i64::from(row.counted_days)).sum();
                let halved = rows.iter().any(|row| row.kind == RowKind::Halving);
                let limit = i64::from(terms.limit.amount);
                prop_assert_eq!(days, if halved { (limit + 1) / 2 } else { limit });
            }
        }
    }

    #[test]
    fn the_rows_of_a_new_appointment_end_there(
        terms in some_terms(),
        acts in some_acts(),
        run in 0..20_000_i64,
        more in 1..5_000_u32,
        stand in 0..9_000_i64,
    ) {
        let mut acts = acts;
        if matches!(acts.last(), Some(Act::Paused { .. })) {
            acts.pop();
        }
        let now = acts.last().map(|act| act.at()).unwrap_or_default() + TimeDelta::minutes(run);
        let due = explain(&terms, &acts).due;
        let until = CALENDAR.after(due.promised.max(now), more);
        acts.push(Act::Extended { at: now, until });
        let extended = explain(&terms, &acts);
        joined(&extended.promised)?;
        prop_assert_eq!(extended.due.promised, until);
        prop_assert_eq!(extended.due.legal, due.legal);
        let last = extended.promised.iter().rfind(|row| row.kind != RowKind::Provisional).unwrap();
        prop_assert_eq!(last.until, Some(until));

        let paused = now + TimeDelta::minutes(run / 3);
        let resumed = paused + TimeDelta::minutes(stand);
        acts.push(Act::Paused { at: paused, why: Pause::Payment });
        acts.push(Act::Resumed { at: resumed, why: Pause::Payment });
        let later = explain(&terms, &acts);
        joined(&later.promised)?;
        prop_assert!(later.due.promised >= until);
    }

    #[test]
    fn the_record_is_recounted_identically(terms in some_terms(), acts in some_acts()) {
        let stored = serde_json::to_string(&(&terms, &acts)).unwrap();
        let (terms_again, acts_again): (Terms, Vec<Act>) = serde_json::from_str(&stored).unwrap();
        prop_assert_eq!(explain(&terms, &acts), explain(&terms_again, &acts_again));
    }

    #[test]
    fn a_holiday_inside_the_count_makes_it_longer(start in 0..SPAN, days in 2..30_u32) {
        let terms = Terms {
            limit: TimeLimit::new(days, LimitUnit::WorkingDays),
            limit_source: String::new(),
            filed_online: false,
            regime: SupplementRegime::Shift,
        };
        let acts = [Act::Started { at: instant(start) }];
        let explained = explain(&terms, &acts);
        let holiday = explained.promised.iter().find(|row| row.kind == RowKind::DayOff);
        let Some(holiday) = holiday else { return Ok(()) };
        let day = motcua_vn::local::day(holiday.from);
        let without = calendar_with(|data| data.days_off.retain(|off| off.date != day));
        let shorter = Clock::new(&without, &POLICY, &terms, &acts).unwrap().due();
        prop_assert!(shorter.promised < explained.due.promised);
        let rows = Clock::new(&without, &POLICY, &terms, &acts).unwrap().explain().promised;
        prop_assert!(rows.iter().all(|row| row.kind != RowKind::DayOff || row.from != holiday.from));
    }

    #[test]
    fn adding_and_measuring_agree(start in 0..SPAN, minutes in 1..20_000_u32) {
        let from = CALENDAR.effective(instant(start));
        let until = CALENDAR.after(from, minutes);
        prop_assert_eq!(CALENDAR.minutes_between(from, until), i64::from(minutes));
        prop_assert_eq!(CALENDAR.effective(from), from);
    }
}
