//! What is left of a limit, and when it ends.

use chrono::Months;

use super::Side;
use crate::{
    ClockPolicy, LimitUnit, Terms, WorkingCalendar,
    local::{DAY, date, day_number},
    policy::Fraction,
};

/// A count under way; minutes and days are counted from 1970-01-01 local.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Count {
    /// `left` minutes of office time from the minute `at`.
    Minutes { at: i64, left: i64, due: i64 },
    /// `left` calendar days after `day`; the minute `at` has been reached.
    Days { at: i64, day: i64, left: i64, due: i64 },
}

/// What a step of a count has used up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Spent {
    pub(super) minutes: i64,
    pub(super) days: i64,
}

impl Count {
    /// The whole limit, from an office minute.
    pub(super) fn fresh(
        calendar: &WorkingCalendar,
        policy: &ClockPolicy,
        terms: &Terms,
        side: Side,
        at: i64,
    ) -> Self {
        let factor = factor(policy, terms, side);
        let day = at.div_euclid(DAY);
        let amount = terms.limit.amount;
        match terms.limit.unit {
            LimitUnit::WorkingDays | LimitUnit::WorkingHours => {
                let minutes = terms.limit.working_minutes(policy).unwrap_or_default();
                Self::minutes(calendar, at, factor.of(minutes))
            }
            LimitUnit::CalendarDays => Self::days(calendar, at, day, factor.of(i64::from(amount))),
            LimitUnit::Months => Self::days(calendar, at, day, factor.of(days_of(amount, day))),
            LimitUnit::SameDay
                if at.rem_euclid(DAY) > i64::from(policy.same_day_cut_off_minute) =>
            {
                Self::days(calendar, at, calendar.working_from(day + 1), 0)
            }
            LimitUnit::SameDay => Self::days(calendar, at, day, 0),
        }
    }

    pub(super) fn minutes(calendar: &WorkingCalendar, at: i64, left: i64) -> Self {
        Self::Minutes { at, left, due: calendar.add(at, left) }
    }

    pub(super) fn days(calendar: &WorkingCalendar, at: i64, day: i64, left: i64) -> Self {
        let last = calendar.working_from(day + left);
        Self::Days { at, day, left, due: calendar.closing(last).unwrap_or(last * DAY) }
    }

    pub(super) const fn at(self) -> i64 {
        match self {
            Self::Minutes { at, .. } | Self::Days { at, .. } => at,
        }
    }

    pub(super) const fn due(self) -> i64 {
        match self {
            Self::Minutes { due, .. } | Self::Days { due, .. } => due,
        }
    }

    /// The count when the minute `to` (or its end) is reached, and what that used up.
    pub(super) fn advanced(self, calendar: &WorkingCalendar, to: i64) -> (Self, Spent) {
        match self {
            Self::Minutes { at, left, due } => {
                let to = to.clamp(at, due.max(at));
                let minutes = calendar.between(at, to);
                (Self::Minutes { at: to, left: left - minutes, due }, Spent { minutes, days: 0 })
            }
            Self::Days { day, left, due, .. } if to >= due => {
                let end = Self::Days { at: due, day: day + left, left: 0, due };
                (end, Spent { minutes: 0, days: left })
            }
            Self::Days { at, day, left, due } => {
                let to = to.max(at);
                let days = (to.div_euclid(DAY) - day).clamp(0, left);
                let here = Self::Days { at: to, day: day + days, left: left - days, due };
                (here, Spent { minutes: 0, days })
            }
        }
    }

    /// What is left of the count, going on at an office minute.
    pub(super) fn resumed(self, calendar: &WorkingCalendar, at: i64) -> Self {
        match self {
            Self::Minutes { left, .. } => Self::minutes(calendar, at, left),
            Self::Days { left, .. } => Self::days(calendar, at, at.div_euclid(DAY), left),
        }
    }
}

/// The factor by which this side's limit is shortened.
pub(super) fn factor(policy: &ClockPolicy, terms: &Terms, side: Side) -> Fraction {
    match side {
        Side::Legal => Fraction::WHOLE,
        Side::Promised => policy.factor(terms.limit, terms.filed_online),
    }
}

/// The days from a day to the same day number so many months later, or to the
/// last day of that month where it has no such day.
fn days_of(months: u32, day: i64) -> i64 {
    date(day).checked_add_months(Months::new(months)).map_or(0, |end| day_number(end) - day)
}
