//! The rows of an explanation, in Vietnamese, each with its source.

use super::{
    ClockRow, Pause, RowKind, Terms,
    count::{Count, Spent},
    row::working_time,
};
use crate::{
    ClockPolicy, LimitUnit, WorkingCalendar,
    calendar::DayKind,
    local::{DAY, date, date_text, date_time_text, minute_instant, weekday_text},
    policy::Fraction,
};

/// Writes rows as the count goes on.
pub(super) struct Wording<'a, 'r> {
    calendar: &'a WorkingCalendar,
    policy: &'a ClockPolicy,
    terms: &'a Terms,
    rows: &'r mut Vec<ClockRow>,
}

fn at_text(minute: i64) -> String {
    date_time_text(minute_instant(minute))
}

fn day_text(day: i64) -> String {
    date_text(date(day))
}

/// `ngày 01/09/2025`, `từ ngày 01/09/2025 đến ngày 02/09/2025`.
fn days_text(first: i64, last: i64) -> String {
    if first == last {
        format!("ngày {}", day_text(first))
    } else {
        format!("từ ngày {} đến ngày {}", day_text(first), day_text(last))
    }
}

impl<'a, 'r> Wording<'a, 'r> {
    pub(super) const fn new(
        calendar: &'a WorkingCalendar,
        policy: &'a ClockPolicy,
        terms: &'a Terms,
        rows: &'r mut Vec<ClockRow>,
    ) -> Self {
        Self { calendar, policy, terms, rows }
    }

    fn push(&mut self, kind: RowKind, from: i64, until: Option<i64>, spent: Spent, said: Said<'_>) {
        self.rows.push(ClockRow {
            kind,
            from: minute_instant(from),
            until: until.map(minute_instant),
            counted_minutes: spent.minutes,
            counted_days: i32::try_from(spent.days).unwrap_or(i32::MAX),
            text: said.0,
            source: said.1.to_owned(),
        });
    }

    pub(super) fn limit(&mut self, at: i64) {
        let sources = &self.policy.sources;
        let own = self.terms.limit_source.trim();
        let general = if own.is_empty() { sources.limit.as_str() } else { own };
        let rule = match self.terms.limit.unit {
            LimitUnit::WorkingDays => &sources.working_day,
            LimitUnit::WorkingHours => &self.calendar.data().office_hours_source,
            LimitUnit::CalendarDays => &sources.calendar_day,
            LimitUnit::Months => &sources.month,
            LimitUnit::SameDay => &sources.same_day,
        };
        let source = if general == rule { rule.clone() } else { format!("{general}; {rule}") };
        let text = format!("Thời hạn giải quyết: {}.", self.terms.limit.text());
        self.push(RowKind::Limit, at, Some(at), Spent::default(), Said(text, &source));
    }

    pub(super) fn halving(&mut self, at: i64, factor: Fraction, count: Count) {
        let Some(halving) = &self.policy.halving else { return };
        let left = match count {
            Count::Minutes { left, .. } => {
                format!("{} làm việc", working_time(left, self.policy.minutes_per_working_day))
            }
            Count::Days { left, .. } => format!("{left} ngày"),
        };
        let Fraction { numerator, denominator } = factor;
        let text = format!("Nộp trực tuyến: thời hạn còn {numerator}/{denominator}, tức {left}.");
        self.push(RowKind::Halving, at, Some(at), Spent::default(), Said(text, &halving.source));
    }

    /// Why a limit is not shortened, though others are.
    pub(super) fn unshortened(&mut self, at: i64) {
        let why = self.policy.unshortened.trim();
        if why.is_empty() {
            return;
        }
        let text = format!("Nộp trực tuyến: thời hạn không rút ngắn. {why}");
        let source = &self.policy.sources.limit;
        self.push(RowKind::Limit, at, Some(at), Spent::default(), Said(text, source));
    }

    pub(super) fn start(&mut self, received: i64, at: i64) {
        let text = format!(
            "Tiếp nhận lúc {}, ngoài giờ làm việc; bắt đầu tính từ {}.",
            at_text(received),
            at_text(at)
        );
        let source = &self.policy.sources.start;
        self.push(RowKind::Start, received, Some(at), Spent::default(), Said(text, source));
    }

    fn past_cut_off(&mut self, at: i64, until: i64, day: i64) {
        let cut_off = self.policy.same_day_cut_off_minute;
        let text = format!(
            "Nhận sau {:02}:{:02} nên tính vào ngày làm việc tiếp theo, {}.",
            cut_off / 60,
            cut_off % 60,
            day_text(day)
        );
        let source = &self.policy.sources.same_day;
        self.push(RowKind::Start, at, Some(until), Spent::default(), Said(text, source));
    }

    pub(super) fn pause(&mut self, from: i64, until: Option<i64>, why: Pause) {
        let (what, source) = match why {
            Pause::Supplement => ("chờ bổ sung hồ sơ", &self.policy.sources.supplement),
            Pause::Payment => ("chờ thực hiện nghĩa vụ tài chính", &self.policy.sources.payment),
            Pause::Withdrawal => {
                ("chờ giải quyết yêu cầu rút hồ sơ", &self.policy.sources.withdrawal)
            }
        };
        let end = until.map_or_else(String::new, |until| format!(" đến {}", at_text(until)));
        let text = format!("Tạm dừng tính thời hạn, {what}: từ {}{end}.", at_text(from));
        self.push(RowKind::Pause, from, until, Spent::default(), Said(text, source));
    }

    pub(super) fn restart(&mut self, at: i64, spent: Spent) {
        let text = format!("Nhận đủ hồ sơ bổ sung lúc {}: tính lại toàn bộ thời hạn.", at_text(at));
        let back = Spent { minutes: -spent.minutes, days: -spent.days };
        let source = &self.policy.sources.supplement;
        self.push(RowKind::Restart, at, Some(at), back, Said(text, source));
    }

    pub(super) fn extension(&mut self, at: i64, until: i64) {
        let text = format!("Xin lỗi và hẹn lại: trả kết quả lúc {}.", at_text(until));
        let source = &self.policy.sources.extension;
        self.push(RowKind::Extension, at, Some(at), Spent::default(), Said(text, source));
    }

    pub(super) fn overdue(&mut self, due: i64, until: i64) {
        let late = self.calendar.between(due, until);
        if late == 0 {
            return;
        }
        let per_day = self.policy.minutes_per_working_day;
        let text = format!("Đã quá hạn {} làm việc; không tính.", working_time(late, per_day));
        let source = &self.policy.sources.limit;
        self.push(RowKind::Overdue, due, Some(until), Spent::default(), Said(text, source));
    }

    /// Office time in `[from, to)`, cut at days off and make-up days.
    pub(super) fn minutes(&mut self, from: i64, to: i64) {
        let calendar = self.calendar;
        let mut stretch: Option<(i64, i64, i64)> = None;
        let (mut day, last) = (from.div_euclid(DAY), to.div_euclid(DAY));
        while day <= last {
            let (kind, _) = calendar.classify(day);
            if !kind.is_working() {
                self.flush(&mut stretch);
                day = self.rest(day, last) + 1;
                continue;
            }
            let begin = calendar.opening(day).unwrap_or(from).max(from);
            let end = calendar.closing(day).unwrap_or(to).min(to);
            let minutes = calendar.between(begin, end);
            match kind {
                DayKind::MakeUp(make_up) if minutes > 0 => {
                    self.flush(&mut stretch);
                    let text = format!(
                        "Ngày làm bù {} ({}): tính {} làm việc.",
                        day_text(day),
                        make_up.title,
                        working_time(minutes, self.policy.minutes_per_working_day)
                    );
                    let spent = Spent { minutes, days: 0 };
                    let said = Said(text, &make_up.source);
                    self.push(RowKind::MakeUp, begin, Some(end), spent, said);
                }
                _ if minutes > 0 => {
                    let (first, _, sum) = stretch.unwrap_or((begin, 0, 0));
                    stretch = Some((first, end, sum + minutes));
                }
                _ => {}
            }
            day += 1;
        }
        self.flush(&mut stretch);
    }

    fn flush(&mut self, stretch: &mut Option<(i64, i64, i64)>) {
        let Some((from, until, minutes)) = stretch.take() else { return };
        let text = format!(
            "Tính {} làm việc, từ {} đến {}.",
            working_time(minutes, self.policy.minutes_per_working_day),
            at_text(from),
            at_text(until)
        );
        let source = &self.calendar.data().office_hours_source;
        let spent = Spent { minutes, days: 0 };
        self.push(RowKind::Counted, from, Some(until), spent, Said(text, source));
    }

    /// One row for the like days off from `first`; answers the last of them.
    fn rest(&mut self, first: i64, limit: i64) -> i64 {
        let calendar = self.calendar;
        let (kind, _) = calendar.classify(first);
        let alike = |day: i64| match (kind, calendar.classify(day).0) {
            (DayKind::WeeklyRest, DayKind::WeeklyRest) => true,
            (DayKind::Off(a), DayKind::Off(b)) => {
                (&a.title, &a.source, a.provisional) == (&b.title, &b.source, b.provisional)
            }
            _ => false,
        };
        let mut last = first;
        while last < limit && alike(last + 1) {
            last += 1;
        }
        let (row, text, source) = match kind {
            DayKind::Off(off) => (
                RowKind::DayOff,
                format!(
                    "{}, {}: không tính{}.",
                    off.title,
                    days_text(first, last),
                    if off.provisional { " (chờ thông báo chính thức)" } else { "" }
                ),
                &off.source,
            ),
            _ => (
                RowKind::WeeklyRest,
                format!("Nghỉ hằng tuần, {}: không tính.", days_text(first, last)),
                &calendar.data().weekly_rest_source,
            ),
        };
        let until = Some((last + 1) * DAY);
        self.push(row, first * DAY, until, Spent::default(), Said(text, source));
        last
    }

    /// Calendar days after `day`; `ends` where the limit ends with them.
    pub(super) fn days(&mut self, from: i64, to: i64, day: i64, days: i64, ends: bool) {
        let calendar = self.calendar;
        let mut from = from;
        if day > from.div_euclid(DAY) {
            // A same-day procedure that waits for its day.
            let begin = calendar.opening(day).unwrap_or(to).min(to);
            self.past_cut_off(from, begin, day);
            if begin == to {
                return;
            }
            from = begin;
        }
        let last = day + days;
        let moved = ends && !calendar.works(last);
        // The last day may have no office time: the rows of days off begin with it.
        let until = if moved { (last * DAY).max(from) } else { to };
        let sources = &self.policy.sources;
        let (text, source) = match self.terms.limit.unit {
            LimitUnit::SameDay => {
                (format!("Trả kết quả trong ngày, đến {}.", at_text(until)), &sources.same_day)
            }
            unit => {
                let source =
                    if unit == LimitUnit::Months { &sources.month } else { &sources.calendar_day };
                let text = if days == 0 {
                    format!("Trong ngày {}: chưa tính thêm ngày nào.", day_text(last))
                } else {
                    format!("Tính {days} ngày, {}.", days_text(day + 1, last))
                };
                (text, source)
            }
        };
        self.push(
            RowKind::Counted,
            from,
            Some(until),
            Spent { minutes: 0, days },
            Said(text, source),
        );
        if !moved {
            return;
        }
        let due_day = to.div_euclid(DAY);
        let mut off = last;
        while off < due_day {
            off = self.rest(off, due_day - 1) + 1;
        }
        let text = format!(
            "Ngày cuối rơi vào ngày nghỉ ({} {}): thời hạn kết thúc lúc {}.",
            weekday_text(date(last)),
            day_text(last),
            at_text(to)
        );
        let source = &self.policy.sources.ends_on_day_off;
        let opening = calendar.opening(due_day).unwrap_or(to);
        self.push(RowKind::Moved, opening, Some(to), Spent::default(), Said(text, source));
    }

    /// Closes the rows at the due time, where an appointment was given for an opening.
    pub(super) fn end(&mut self, due: i64) {
        if self.rows.last().is_some_and(|row| row.until != Some(minute_instant(due))) {
            let text = format!("Hẹn trả lúc {}.", at_text(due));
            let source = &self.policy.sources.extension;
            self.push(RowKind::Counted, due, Some(due), Spent::default(), Said(text, source));
        }
    }

    /// The due time may still change: it lies beyond the calendar's data, or
    /// was counted over days off that nobody announced yet.
    pub(super) fn provisional(&mut self, due: i64, beyond: bool) {
        let text = if beyond {
            "Lịch làm việc chưa có số liệu đến ngày này; thời điểm hẹn còn tạm tính."
        } else {
            "Có ngày nghỉ đang chờ thông báo chính thức; thời điểm hẹn còn tạm tính."
        };
        let calendar = self.calendar.data();
        let source = format!("{} ({})", calendar.title, calendar.version);
        let said = Said(text.to_owned(), &source);
        self.push(RowKind::Provisional, due, Some(due), Spent::default(), said);
    }
}

/// A row's text and its source.
struct Said<'s>(String, &'s str);
