//! The arithmetic of office time, on minutes counted from 1970-01-01 local.

use super::{DayKind, OfficeSpan, Special, WorkingCalendar};
use crate::local::DAY;

/// 1970-01-01 was a Thursday.
const EPOCH_WEEKDAY: i64 = 3;

impl WorkingCalendar {
    /// What a day is, and its office hours.
    pub(crate) fn classify(&self, day: i64) -> (DayKind<'_>, &[OfficeSpan]) {
        let index = usize::try_from((day + EPOCH_WEEKDAY).rem_euclid(7)).unwrap_or_default();
        let hours = self.week[index].as_slice();
        match self.special.get(&day) {
            Some(&Special::MakeUp(i)) => {
                let make_up = &self.data.make_up_days[i];
                let spans =
                    if make_up.spans.is_empty() { self.usual_hours() } else { &make_up.spans };
                (DayKind::MakeUp(make_up), spans)
            }
            _ if hours.is_empty() => (DayKind::WeeklyRest, &[]),
            Some(&Special::Off(i)) => (DayKind::Off(&self.data.days_off[i]), &[]),
            None => (DayKind::Working, hours),
        }
    }

    fn usual_hours(&self) -> &[OfficeSpan] {
        self.week.iter().find(|spans| !spans.is_empty()).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn works(&self, day: i64) -> bool {
        self.classify(day).0.is_working()
    }

    /// The first working day on or after a day.
    ///
    /// It ends: the week has office time, and the list of days off is finite.
    pub(crate) fn working_from(&self, mut day: i64) -> i64 {
        while !self.works(day) {
            day += 1;
        }
        day
    }

    /// The minute at which a day's office hours end.
    pub(crate) fn closing(&self, day: i64) -> Option<i64> {
        self.classify(day).1.last().map(|span| day * DAY + i64::from(span.close))
    }

    /// The minute at which a day's office hours begin.
    pub(crate) fn opening(&self, day: i64) -> Option<i64> {
        self.classify(day).1.first().map(|span| day * DAY + i64::from(span.open))
    }

    /// The office minute at or after a minute.
    pub(crate) fn next_office_minute(&self, minute: i64) -> i64 {
        let mut day = minute.div_euclid(DAY);
        loop {
            for (open, close) in self.spans(day) {
                if minute < close {
                    return minute.max(open);
                }
            }
            day += 1;
        }
    }

    /// The minute after so many office minutes; zero minutes stay where they are.
    pub(crate) fn add(&self, from: i64, minutes: i64) -> i64 {
        let mut left = minutes;
        let mut day = from.div_euclid(DAY);
        if left <= 0 {
            return from;
        }
        loop {
            for (open, close) in self.spans(day) {
                let open = open.max(from);
                if close - open >= left {
                    return open + left;
                }
                left -= (close - open).max(0);
            }
            day += 1;
        }
    }

    /// The office minutes in `[from, until)`.
    pub(crate) fn between(&self, from: i64, until: i64) -> i64 {
        (from.div_euclid(DAY)..=until.div_euclid(DAY))
            .flat_map(|day| self.spans(day))
            .map(|(open, close)| (close.min(until) - open.max(from)).max(0))
            .sum()
    }

    fn spans(&self, day: i64) -> impl Iterator<Item = (i64, i64)> {
        let start = day * DAY;
        self.classify(day)
            .1
            .iter()
            .map(move |span| (start + i64::from(span.open), start + i64::from(span.close)))
    }
}
