//! The lines that explain a due time.

use serde::{Deserialize, Serialize};

use crate::Timestamp;

/// One line of the explanation.
///
/// Rows are in order of time, and between two rows there is no office time.
/// The counted minutes (or days) of all rows sum to what was allowed, and the
/// last row ends at the due time unless a pause is open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockRow {
    /// What the line is about.
    pub kind: RowKind,
    /// Where it begins.
    pub from: Timestamp,
    /// Where it ends; none while a pause is open.
    pub until: Option<Timestamp>,
    /// Working minutes counted; negative where a restart gives time back.
    pub counted_minutes: i64,
    /// Calendar days counted; negative where a restart gives days back.
    pub counted_days: i32,
    /// The line in Vietnamese.
    pub text: String,
    /// The legal source it rests on.
    pub source: String,
}

/// What a line is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowKind {
    /// The limit that applies.
    Limit,
    /// The limit is shorter, because the dossier was filed online.
    Halving,
    /// The count begins at the next office minute.
    Start,
    /// Time that counts.
    Counted,
    /// A make-up working day that counts.
    MakeUp,
    /// Weekly days off.
    WeeklyRest,
    /// A public holiday or another day off.
    DayOff,
    /// The clock stands still.
    Pause,
    /// The limit is counted anew.
    Restart,
    /// A later appointment was given.
    Extension,
    /// The last day was a day off, so the limit ends on the next working day.
    Moved,
    /// The due time lies beyond the calendar's data, or beyond a provisional day off.
    Provisional,
    /// Office time after a due time that had passed; it counts for nothing.
    Overdue,
}

/// `5 ngày 3 giờ 45 phút`, by the length of a working day.
pub(super) fn working_time(minutes: i64, per_day: u16) -> String {
    let per_day = i64::from(per_day.max(1));
    let parts = [
        (minutes / per_day, "ngày"),
        (minutes % per_day / 60, "giờ"),
        (minutes % per_day % 60, "phút"),
    ];
    let text: Vec<_> =
        parts.iter().filter(|(n, _)| *n > 0).map(|(n, unit)| format!("{n} {unit}")).collect();
    if text.is_empty() { "0 phút".to_owned() } else { text.join(" ") }
}
