use chrono::{DateTime, NaiveTime, TimeDelta, Timelike, Utc};
use motcua_vn::local;
use serde::{Deserialize, Serialize};

/// Giờ yên tĩnh: hours of the night in which nobody's telephone rings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuietHours {
    /// When they begin, local.
    pub from: NaiveTime,
    /// When they end, local; before `from`: on the next day.
    pub until: NaiveTime,
}

impl QuietHours {
    /// The first moment at or after `at` that is not quiet.
    pub fn after(self, at: DateTime<Utc>) -> DateTime<Utc> {
        let minute = |time: NaiveTime| i64::from(time.num_seconds_from_midnight());
        let now = minute(local::local(at).time());
        let (from, until) = (minute(self.from), minute(self.until));
        let over_midnight = until < from;
        let quiet =
            if over_midnight { now >= from || now < until } else { (from..until).contains(&now) };
        if !quiet {
            return at;
        }
        let wait = (until - now).rem_euclid(24 * 60 * 60);
        at + TimeDelta::seconds(wait)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hour: u32, minute: u32) -> DateTime<Utc> {
        let day = chrono::NaiveDate::from_ymd_opt(2026, 11, 21).unwrap();
        local::instant(day.and_hms_opt(hour, minute, 0).unwrap())
    }

    fn clock(hour: u32) -> NaiveTime {
        NaiveTime::from_hms_opt(hour, 0, 0).unwrap()
    }

    #[test]
    fn the_night_waits_for_the_morning() {
        let night = QuietHours { from: clock(21), until: clock(7) };
        assert_eq!(night.after(at(20, 59)), at(20, 59));
        assert_eq!(night.after(at(21, 0)), at(7, 0) + TimeDelta::days(1));
        assert_eq!(night.after(at(2, 30)), at(7, 0));
        assert_eq!(night.after(at(7, 0)), at(7, 0));
    }

    #[test]
    fn hours_within_a_day_are_quiet_too() {
        let noon = QuietHours { from: clock(12), until: clock(13) };
        assert_eq!(noon.after(at(12, 15)), at(13, 0));
        assert_eq!(noon.after(at(13, 0)), at(13, 0));
    }
}
