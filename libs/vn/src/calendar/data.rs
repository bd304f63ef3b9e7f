//! A calendar as people write it, and what can be wrong with it.

use std::{collections::BTreeSet, fmt, str::FromStr};

use chrono::{Datelike, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};

use crate::local::date_text;

/// A calendar as written; [`WorkingCalendar::new`](super::WorkingCalendar::new) checks it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CalendarData {
    /// Resource name, `calendars/{calendar}`.
    pub name: String,
    /// Version of the data; recorded with every due time computed from it.
    pub version: String,
    /// Vietnamese title for people.
    pub title: String,
    /// First date the data covers.
    pub valid_from: NaiveDate,
    /// Last date the data covers; none: open.
    #[serde(default)]
    pub valid_to: Option<NaiveDate>,
    /// Office hours by weekday; a weekday that is not listed is off.
    pub office_hours: Vec<OfficeHours>,
    /// The text that sets the office hours.
    pub office_hours_source: String,
    /// The text that sets the weekly days off.
    pub weekly_rest_source: String,
    /// Days off beside the weekly ones.
    #[serde(default)]
    pub days_off: Vec<DayOff>,
    /// Working days that fall on weekly days off.
    #[serde(default)]
    pub make_up_days: Vec<MakeUpDay>,
}

/// The office hours of one weekday.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfficeHours {
    /// The weekday: `mon`, `tue`…
    pub weekday: Weekday,
    /// Hours in order, without overlap.
    pub spans: Vec<OfficeSpan>,
}

/// A half-open stretch of office time, in minutes from midnight; written `07:00-11:30`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct OfficeSpan {
    /// When it opens.
    pub open: u16,
    /// When it closes.
    pub close: u16,
}

/// Ngày nghỉ: a day on which no working time is counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DayOff {
    /// The day.
    pub date: NaiveDate,
    /// Its Vietnamese title.
    pub title: String,
    /// The text that makes it a day off.
    pub source: String,
    /// Reckoned by law before the year's official notice: what is counted over
    /// it may still change.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub provisional: bool,
}

/// Ngày làm bù: a working day that the week alone would leave off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MakeUpDay {
    /// The day.
    pub date: NaiveDate,
    /// Its Vietnamese title.
    pub title: String,
    /// The text that makes it a working day.
    pub source: String,
    /// Its hours; empty: those of the first working weekday.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub spans: Vec<OfficeSpan>,
}

/// What is wrong with a calendar's data.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CalendarProblem {
    /// No weekday has office hours.
    #[error("Lịch không có giờ làm việc nào.")]
    NoOfficeTime,
    /// A weekday is listed twice.
    #[error("Giờ làm việc của {0} được khai hai lần.")]
    WeekdayTwice(Weekday),
    /// Hours that overlap, are out of order, or end before they begin.
    #[error("Giờ làm việc «{0}» sai thứ tự, chồng nhau hoặc ngoài 00:00-24:00.")]
    BadSpan(OfficeSpan),
    /// The dates of effect are the wrong way round.
    #[error("Ngày hết hiệu lực của lịch đứng trước ngày có hiệu lực.")]
    RangeBackwards,
    /// A day is listed twice, or as off and as working.
    #[error("Ngày {} được khai nhiều lần.", date_text(*.0))]
    DayTwice(NaiveDate),
    /// A day the calendar does not cover.
    #[error("Ngày {} nằm ngoài hiệu lực của lịch.", date_text(*.0))]
    DayOutside(NaiveDate),
    /// A make-up day on what is a working day already.
    #[error("Ngày làm bù {} vốn là ngày làm việc.", date_text(*.0))]
    MakeUpOnWorkingDay(NaiveDate),
    /// A statement without its title or legal source.
    #[error("Mục «{0}» thiếu tên hoặc căn cứ.")]
    SourceMissing(String),
}

impl CalendarData {
    /// Everything that is wrong; empty when the calendar can be used.
    pub fn problems(&self) -> Vec<CalendarProblem> {
        let mut problems = Vec::new();
        self.check_hours(&mut problems);
        self.check_days(&mut problems);
        for (what, text) in [
            ("office_hours_source", &self.office_hours_source),
            ("weekly_rest_source", &self.weekly_rest_source),
            ("version", &self.version),
        ] {
            if text.trim().is_empty() {
                problems.push(CalendarProblem::SourceMissing(what.to_owned()));
            }
        }
        problems
    }

    fn check_hours(&self, problems: &mut Vec<CalendarProblem>) {
        if self.office_hours.iter().all(|h| h.spans.is_empty()) {
            problems.push(CalendarProblem::NoOfficeTime);
        }
        for (i, hours) in self.office_hours.iter().enumerate() {
            if self.office_hours[..i].iter().any(|h| h.weekday == hours.weekday) {
                problems.push(CalendarProblem::WeekdayTwice(hours.weekday));
            }
        }
        let lists = (self.office_hours.iter().map(|h| &h.spans))
            .chain(self.make_up_days.iter().map(|d| &d.spans));
        for spans in lists {
            let mut earliest = 0;
            for span in spans {
                if span.open < earliest || span.close <= span.open || span.close > 1440 {
                    problems.push(CalendarProblem::BadSpan(*span));
                }
                earliest = span.close;
            }
        }
    }

    fn check_days(&self, problems: &mut Vec<CalendarProblem>) {
        if self.valid_to.is_some_and(|to| to < self.valid_from) {
            problems.push(CalendarProblem::RangeBackwards);
        }
        let mut seen = BTreeSet::new();
        let days = (self.days_off.iter().map(|d| (d.date, &d.title, &d.source)))
            .chain(self.make_up_days.iter().map(|d| (d.date, &d.title, &d.source)));
        for (date, title, source) in days {
            if !seen.insert(date) {
                problems.push(CalendarProblem::DayTwice(date));
            }
            if date < self.valid_from || self.valid_to.is_some_and(|to| date > to) {
                problems.push(CalendarProblem::DayOutside(date));
            }
            if title.trim().is_empty() || source.trim().is_empty() {
                problems.push(CalendarProblem::SourceMissing(date.to_string()));
            }
        }
        for day in &self.make_up_days {
            let weekday = day.date.weekday();
            if self.office_hours.iter().any(|h| h.weekday == weekday && !h.spans.is_empty()) {
                problems.push(CalendarProblem::MakeUpOnWorkingDay(day.date));
            }
        }
    }
}

impl fmt::Display for OfficeSpan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { open, close } = self;
        write!(f, "{:02}:{:02}-{:02}:{:02}", open / 60, open % 60, close / 60, close % 60)
    }
}

impl FromStr for OfficeSpan {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let minute = |text: &str| {
            let (hour, minute) = text.trim().split_once(':')?;
            let (hour, minute) = (hour.parse::<u16>().ok()?, minute.parse::<u16>().ok()?);
            (hour <= 24 && minute < 60).then_some(hour * 60 + minute)
        };
        text.split_once('-')
            .and_then(|(open, close)| Some(Self { open: minute(open)?, close: minute(close)? }))
            .ok_or_else(|| format!("«{text}» không phải giờ làm việc dạng 07:00-11:30"))
    }
}

impl TryFrom<String> for OfficeSpan {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<OfficeSpan> for String {
    fn from(span: OfficeSpan) -> Self {
        span.to_string()
    }
}
