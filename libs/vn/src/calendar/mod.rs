//! Lịch làm việc: which minutes are office time.
//!
//! A calendar is data: the office hours of a week, the days off and the make-up
//! working days, each with its legal source. As YAML or JSON:
//!
//! ```yaml
//! name: calendars/0198…
//! version: "2026-1"
//! title: Lịch làm việc năm 2026
//! valid_from: 2026-01-01
//! valid_to: 2026-12-31
//! office_hours:
//!   - { weekday: mon, spans: ["07:00-11:30", "13:30-17:00"] }
//! office_hours_source: …
//! weekly_rest_source: …
//! days_off:
//!   - { date: 2026-11-24, title: Ngày Văn hóa Việt Nam, source: Nghị quyết 80-NQ/TW }
//! make_up_days:
//!   - { date: 2026-08-22, title: Làm bù, source: … }
//! ```
//!
//! Office hours are half-open: at 11:30 the office is closed. But a count that
//! *ends* at 11:30 or 17:00 ends there, not at the next opening.

mod data;
mod office_time;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

pub use data::{CalendarData, CalendarProblem, DayOff, MakeUpDay, OfficeHours, OfficeSpan};

use crate::{Timestamp, local};

/// A calendar whose data holds together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "CalendarData", into = "CalendarData")]
pub struct WorkingCalendar {
    data: CalendarData,
    /// Office hours by day of the week, Monday first; empty: off.
    week: [Vec<OfficeSpan>; 7],
    /// Indices into the data, by days since 1970-01-01.
    special: BTreeMap<i64, Special>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Special {
    Off(usize),
    MakeUp(usize),
}

/// What a day is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayKind<'a> {
    /// An ordinary working day.
    Working,
    /// A working day that the week alone would leave off.
    MakeUp(&'a MakeUpDay),
    /// A weekly day off.
    WeeklyRest,
    /// A public holiday or another day off on what would be a working day.
    Off(&'a DayOff),
}

impl DayKind<'_> {
    /// Whether office time is counted.
    pub const fn is_working(self) -> bool {
        matches!(self, Self::Working | Self::MakeUp(_))
    }
}

impl WorkingCalendar {
    /// Checks the data and makes it ready for counting; answers everything that is wrong.
    pub fn new(data: CalendarData) -> Result<Self, Vec<CalendarProblem>> {
        let problems = data.problems();
        if !problems.is_empty() {
            return Err(problems);
        }
        let mut week: [Vec<OfficeSpan>; 7] = Default::default();
        for hours in &data.office_hours {
            week[hours.weekday.num_days_from_monday() as usize].clone_from(&hours.spans);
        }
        let off = data.days_off.iter().enumerate().map(|(i, d)| (d.date, Special::Off(i)));
        let make_up =
            data.make_up_days.iter().enumerate().map(|(i, d)| (d.date, Special::MakeUp(i)));
        let special = off.chain(make_up).map(|(d, s)| (local::day_number(d), s)).collect();
        Ok(Self { data, week, special })
    }

    /// The data it was made from.
    pub const fn data(&self) -> &CalendarData {
        &self.data
    }

    /// The resource name, `calendars/{calendar}`.
    pub fn name(&self) -> &str {
        &self.data.name
    }

    /// The version of the data.
    pub fn version(&self) -> &str {
        &self.data.version
    }

    /// Whether the data says something about this day.
    pub fn covers(&self, day: NaiveDate) -> bool {
        day >= self.data.valid_from && self.data.valid_to.is_none_or(|to| day <= to)
    }

    /// Whether a provisional day off lies among these days, both included.
    pub(crate) fn provisional(&self, first: i64, last: i64) -> bool {
        let off = |day| matches!(self.classify(day).0, DayKind::Off(off) if off.provisional);
        first <= last && self.special.range(first..=last).any(|(day, _)| off(*day))
    }

    /// What a day is.
    pub fn kind(&self, day: NaiveDate) -> DayKind<'_> {
        self.classify(local::day_number(day)).0
    }

    /// Whether the office is open at an instant.
    pub fn is_open(&self, at: Timestamp) -> bool {
        let minute = local::minute(at);
        self.next_office_minute(minute) == minute
    }

    /// The office minute from which an act counts: its own, or the next opening.
    pub fn effective(&self, at: Timestamp) -> Timestamp {
        local::minute_instant(self.next_office_minute(local::minute(at)))
    }

    /// The instant after so many minutes of office time; a sum that lands on a
    /// closing time stays there.
    pub fn after(&self, at: Timestamp, working_minutes: u32) -> Timestamp {
        local::minute_instant(self.add(local::minute(at), i64::from(working_minutes)))
    }

    /// The minutes of office time from one instant to another; 0 if they are
    /// the other way round.
    pub fn minutes_between(&self, from: Timestamp, until: Timestamp) -> i64 {
        self.between(local::minute(from), local::minute(until))
    }
}

impl TryFrom<CalendarData> for WorkingCalendar {
    type Error = String;

    fn try_from(data: CalendarData) -> Result<Self, String> {
        Self::new(data).map_err(|problems| {
            problems.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
        })
    }
}

impl From<WorkingCalendar> for CalendarData {
    fn from(calendar: WorkingCalendar) -> Self {
        calendar.data
    }
}
