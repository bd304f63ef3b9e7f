//! One pass over the record, for one of the two due times.

use super::{
    Act, ClockError, ClockRow, Pause, Side, Terms,
    count::{Count, Spent, factor},
    wording::Wording,
};
use crate::{
    ClockPolicy, LimitUnit, SupplementRegime, Timestamp, WorkingCalendar,
    local::{self, DAY},
};

/// The state of the pass. Rows are written only where somebody wants them.
pub(super) struct Run<'a, 'r> {
    calendar: &'a WorkingCalendar,
    policy: &'a ClockPolicy,
    terms: &'a Terms,
    side: Side,
    count: Count,
    /// Used up since the limit was last begun.
    spent: Spent,
    standing: Option<Standing>,
    /// A provisional day off was passed over.
    provisional: bool,
    rows: Option<Wording<'a, 'r>>,
}

/// Where a pass ended.
pub(super) struct Counted {
    pub(super) due: Timestamp,
    pub(super) provisional: bool,
}

/// A clock that stands still.
#[derive(Clone, Copy)]
struct Standing {
    since: i64,
    why: Pause,
    /// The due time had passed before.
    lapsed: bool,
}

impl<'a, 'r> Run<'a, 'r> {
    pub(super) fn new(
        calendar: &'a WorkingCalendar,
        policy: &'a ClockPolicy,
        terms: &'a Terms,
        side: Side,
        rows: Option<&'r mut Vec<ClockRow>>,
    ) -> Self {
        let rows = rows.map(|rows| Wording::new(calendar, policy, terms, rows));
        let count = Count::Minutes { at: 0, left: 0, due: 0 };
        let (spent, standing, provisional) = (Spent::default(), None, false);
        Self { calendar, policy, terms, side, count, spent, standing, provisional, rows }
    }

    /// Counts a record that [`super::act::check`] let pass; answers the due time.
    pub(super) fn count(mut self, acts: &[Act]) -> Result<Counted, ClockError> {
        let mut awaited = 0_usize;
        let mut anew = false;
        for act in acts {
            match *act {
                Act::Started { at } => self.start(local::minute(at)),
                Act::Paused { at, why } => {
                    awaited += 1;
                    if awaited == 1 {
                        self.stand(local::minute(at), why);
                    }
                }
                Act::Resumed { at, why } => {
                    anew |=
                        why == Pause::Supplement && self.terms.regime == SupplementRegime::Restart;
                    awaited = awaited.saturating_sub(1);
                    if awaited == 0 {
                        self.go_on(local::minute(at), std::mem::take(&mut anew));
                    }
                }
                Act::Extended { at, until } if self.side == Side::Promised => {
                    self.extend(local::minute(at), local::minute(until))?;
                }
                Act::Extended { .. } | Act::Ended { .. } => {}
            }
        }
        Ok(self.finish())
    }

    /// The office minute at or after a minute.
    fn opening(&mut self, minute: i64) -> i64 {
        let open = self.calendar.next_office_minute(minute);
        self.passed(minute.div_euclid(DAY), open);
        open
    }

    /// Notes what a count passes over on its way to a minute.
    fn pass(&mut self, count: Count, to: i64) {
        match count {
            Count::Minutes { at, .. } => self.passed(at.div_euclid(DAY), to),
            // Calendar days count whatever they are: only the last may be moved,
            // and a same-day procedure may wait for its day.
            Count::Days { at, day, left, due } if to == due => {
                let waits = left == 0 && day > at.div_euclid(DAY);
                self.passed(if waits { at.div_euclid(DAY) } else { day + left }, due);
            }
            Count::Days { .. } => {}
        }
    }

    /// Notes what lies from a day to the day of a minute.
    fn passed(&mut self, day: i64, to: i64) {
        self.provisional |= self.calendar.provisional(day, to.div_euclid(DAY));
    }

    fn start(&mut self, received: i64) {
        let at = self.opening(received);
        let factor = factor(self.policy, self.terms, self.side);
        let count = self.fresh(at);
        if let Some(rows) = &mut self.rows {
            rows.limit(received);
            if !factor.is_whole() {
                rows.halving(received, factor, count);
            } else if self.side == Side::Promised && self.terms.filed_online {
                rows.unshortened(received);
            }
            if at > received {
                rows.start(received, at);
            }
        }
        self.begin(count);
    }

    fn fresh(&self, at: i64) -> Count {
        Count::fresh(self.calendar, self.policy, self.terms, self.side, at)
    }

    fn begin(&mut self, count: Count) {
        self.count = count;
        self.spent = Spent::default();
    }

    fn stand(&mut self, at: i64, why: Pause) {
        let since = self.opening(at);
        let lapsed = since >= self.count.due();
        self.advance(since);
        self.standing = Some(Standing { since, why, lapsed });
    }

    fn go_on(&mut self, at: i64, anew: bool) {
        let Some(Standing { since, why, lapsed }) = self.standing.take() else { return };
        if lapsed && !anew {
            return;
        }
        // A limit that begins anew forgets what was counted before.
        self.provisional &= !anew;
        let at = self.opening(at).max(since);
        if let Some(rows) = &mut self.rows {
            rows.overdue(self.count.at(), since);
            rows.pause(since, Some(at), why);
        }
        if anew {
            if let Some(rows) = &mut self.rows {
                rows.restart(at, self.spent);
            }
            self.begin(self.fresh(at));
        } else if self.terms.limit.unit == LimitUnit::SameDay
            && matches!(self.count, Count::Days { .. })
        {
            self.begin(self.fresh(at));
        } else {
            self.count = self.count.resumed(self.calendar, at);
        }
    }

    fn extend(&mut self, at: i64, until: i64) -> Result<(), ClockError> {
        let at = self.opening(at);
        if until <= self.count.due() || until <= at {
            return Err(ClockError::ExtensionNotLater);
        }
        let open = self.calendar.next_office_minute(until) == until;
        let closing = self.calendar.between(until - 1, until) == 1;
        if !open && !closing {
            return Err(ClockError::ExtensionOutsideOfficeHours);
        }
        self.advance(at);
        if let Some(rows) = &mut self.rows {
            rows.overdue(self.count.at(), at);
            rows.extension(at, until);
        }
        let left = self.calendar.between(at, until);
        self.count = Count::Minutes { at, left, due: until };
        Ok(())
    }

    /// Counts on to a minute, or to the due time if that comes first.
    fn advance(&mut self, to: i64) {
        let before = self.count;
        let (after, spent) = before.advanced(self.calendar, to);
        self.pass(before, after.at());
        if after.at() > before.at()
            && let Some(rows) = &mut self.rows
        {
            match before {
                Count::Minutes { at, .. } => rows.minutes(at, after.at()),
                Count::Days { at, day, due, .. } => {
                    rows.days(at, after.at(), day, spent.days, after.at() == due);
                }
            }
        }
        self.spent.minutes += spent.minutes;
        self.spent.days += spent.days;
        self.count = after;
    }

    fn finish(mut self) -> Counted {
        let due = self.count.due();
        let open = self.standing.filter(|standing| !standing.lapsed);
        if open.is_none() {
            self.advance(due);
        } else {
            self.pass(self.count, due);
        }
        let beyond = !self.calendar.covers(local::date(due.div_euclid(DAY)));
        let provisional = beyond || self.provisional;
        if let Some(rows) = &mut self.rows {
            match open {
                Some(standing) => rows.pause(standing.since, None, standing.why),
                None => rows.end(due),
            }
            if provisional {
                rows.provisional(due, beyond);
            }
        }
        Counted { due: local::minute_instant(due), provisional }
    }
}
