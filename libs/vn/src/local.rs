//! Viet Nam's local time: UTC+7 all year, and how dates are written.

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveDateTime, TimeDelta, Timelike, Utc};

use crate::Timestamp;

const OFFSET_MINUTES: i64 = 7 * 60;
pub(crate) const DAY: i64 = 24 * 60;

/// The local date and time of an instant.
pub fn local(at: Timestamp) -> NaiveDateTime {
    at.naive_utc() + TimeDelta::minutes(OFFSET_MINUTES)
}

/// The local day of an instant; dossier codes and statistics are counted by it.
pub fn day(at: Timestamp) -> NaiveDate {
    local(at).date()
}

/// The instant of a local date and time.
pub fn instant(local: NaiveDateTime) -> Timestamp {
    (local - TimeDelta::minutes(OFFSET_MINUTES)).and_utc()
}

/// The half-open range of instants of a local day.
pub fn bounds(day: NaiveDate) -> (Timestamp, Timestamp) {
    let next = day.checked_add_days(Days::new(1)).unwrap_or(NaiveDate::MAX);
    (instant(day.into()), instant(next.into()))
}

/// `09:15 ngày 25/08/2025`, as in messages and lists.
pub fn date_time_text(at: Timestamp) -> String {
    let t = local(at);
    format!("{:02}:{:02} ngày {}", t.hour(), t.minute(), date_text(t.date()))
}

/// `25/08/2025`.
pub fn date_text(day: NaiveDate) -> String {
    format!("{:02}/{:02}/{:04}", day.day(), day.month(), day.year())
}

/// `09 giờ 15 phút, ngày 05 tháng 9 năm 2025`, as on documents.
pub fn document_time(at: Timestamp) -> String {
    let t = local(at);
    format!("{:02} giờ {:02} phút, {}", t.hour(), t.minute(), document_date(t.date()))
}

/// `ngày 05 tháng 02 năm 2025`: on documents the day has two digits, and of
/// the months only January and February a leading zero, so that they cannot be
/// made into November and December.
pub fn document_date(day: NaiveDate) -> String {
    let month =
        if day.month() <= 2 { format!("{:02}", day.month()) } else { day.month().to_string() };
    format!("ngày {:02} tháng {month} năm {}", day.day(), day.year())
}

/// `Thứ Hai` to `Chủ nhật`.
pub fn weekday_text(day: NaiveDate) -> &'static str {
    match day.weekday() {
        chrono::Weekday::Mon => "Thứ Hai",
        chrono::Weekday::Tue => "Thứ Ba",
        chrono::Weekday::Wed => "Thứ Tư",
        chrono::Weekday::Thu => "Thứ Năm",
        chrono::Weekday::Fri => "Thứ Sáu",
        chrono::Weekday::Sat => "Thứ Bảy",
        chrono::Weekday::Sun => "Chủ nhật",
    }
}

/// The local minute of an instant, counted from 1970-01-01 local; seconds are dropped.
pub(crate) fn minute(at: Timestamp) -> i64 {
    at.timestamp().div_euclid(60) + OFFSET_MINUTES
}

/// The instant at which a local minute begins.
pub(crate) fn minute_instant(minute: i64) -> Timestamp {
    DateTime::from_timestamp_secs((minute - OFFSET_MINUTES) * 60)
        .unwrap_or(DateTime::<Utc>::MAX_UTC)
}

/// The date of a day counted from 1970-01-01.
pub(crate) fn date(day: i64) -> NaiveDate {
    i32::try_from(day).ok().and_then(NaiveDate::from_epoch_days).unwrap_or(NaiveDate::MAX)
}

/// The day of a date, counted from 1970-01-01.
pub(crate) fn day_number(date: NaiveDate) -> i64 {
    i64::from(date.to_epoch_days())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        instant(NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap())
    }

    #[test]
    fn the_local_day_changes_at_seventeen_hours_utc() {
        let before = DateTime::parse_from_rfc3339("2026-11-21T16:59:59.999999Z").unwrap().to_utc();
        let after = DateTime::parse_from_rfc3339("2026-11-21T17:00:00Z").unwrap().to_utc();
        assert_eq!(day(before).to_string(), "2026-11-21");
        assert_eq!(day(after).to_string(), "2026-11-22");
        assert_eq!(bounds(day(after)).0, after);
    }

    #[test]
    fn dates_are_written_as_on_documents() {
        assert_eq!(date_time_text(at("2025-08-05 09:05")), "09:05 ngày 05/08/2025");
        assert_eq!(
            document_time(at("2025-09-05 09:05")),
            "09 giờ 05 phút, ngày 05 tháng 9 năm 2025"
        );
        assert_eq!(document_date(day(at("2025-02-12 00:00"))), "ngày 12 tháng 02 năm 2025");
        assert_eq!(weekday_text(day(at("2026-11-22 00:00"))), "Chủ nhật");
    }

    #[test]
    fn a_minute_drops_its_seconds_and_returns() {
        let late = at("2025-08-20 09:15") + TimeDelta::seconds(59);
        assert_eq!(minute_instant(minute(late)), at("2025-08-20 09:15"));
        assert_eq!(minute(at("1970-01-01 00:00")), 0);
        assert_eq!(minute(at("1969-12-31 23:59")), -1);
    }
}
