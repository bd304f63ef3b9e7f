//! The clock's messages (`motcua.type.v1`) and `motcua_vn`'s types, translated
//! both ways, once, for the services that ask for, count with or tell due times.
//!
//! Nothing but translation may enter: rules live in `motcua_vn`.

mod calendar;
mod policy;
mod record;

pub use calendar::{calendar, calendar_message};
pub use policy::{limit, limit_message, policy, policy_message, regime, regime_message};
pub use record::{act, act_message, due_message, row, row_message, rows};

use chrono::{DateTime, NaiveDate};
use motcua_fault::Violations;
use motcua_vn::Timestamp;

/// An instant as sent.
pub fn instant_message(at: Timestamp) -> prost_types::Timestamp {
    let nanos = i32::try_from(at.timestamp_subsec_nanos()).unwrap_or_default();
    prost_types::Timestamp { seconds: at.timestamp(), nanos }
}

/// An instant as received; none where it is outside the years 1 to 9999.
pub fn instant(message: &prost_types::Timestamp) -> Option<Timestamp> {
    DateTime::from_timestamp(message.seconds, u32::try_from(message.nanos).ok()?)
}

fn date(bad: &mut Violations, field: &str, text: &str) -> NaiveDate {
    text.parse().unwrap_or_else(|_| {
        bad.add(field, "DATE_INVALID", "Ngày phải có dạng NNNN-TT-nn, ví dụ 2026-11-24.");
        NaiveDate::MIN
    })
}

fn open_date(bad: &mut Violations, field: &str, text: &str) -> Option<NaiveDate> {
    (!text.is_empty()).then(|| date(bad, field, text))
}

fn small(bad: &mut Violations, field: &str, number: i32) -> u16 {
    u16::try_from(number).unwrap_or_else(|_| {
        bad.add(field, "OUT_OF_RANGE", "Giá trị phải từ 0 đến 65.535.");
        0
    })
}

#[cfg(test)]
mod tests;
