use motcua_vn::{LimitUnit, TimeLimit};
use serde::{Deserialize, Serialize};

/// Working minutes of one working day of a limit.
pub const MINUTES_PER_DAY: i64 = 480;

/// How long processing may take (thời hạn giải quyết).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limit {
    /// Whether there is one, and which.
    #[serde(flatten)]
    pub rule: LimitRule,
    /// What the source adds.
    #[serde(default)]
    pub note: Option<String>,
}

/// Whether there is a limit, and which.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "rule", rename_all = "snake_case")]
pub enum LimitRule {
    /// So many units, counted by the calendar.
    Counted {
        /// How many.
        amount: u32,
        /// Of what.
        unit: LimitUnit,
    },
    /// Không có ngày hẹn trả.
    NoDueDate,
    /// No source says.
    Unknown,
}

impl Limit {
    /// A limit without a note.
    pub fn counted(amount: u32, unit: LimitUnit) -> Self {
        Self { rule: LimitRule::Counted { amount, unit }, note: None }
    }

    /// The limit, where it is counted.
    pub fn time_limit(&self) -> Option<TimeLimit> {
        match self.rule {
            LimitRule::Counted { amount, unit } => Some(TimeLimit { amount, unit }),
            LimitRule::NoDueDate | LimitRule::Unknown => None,
        }
    }

    /// The most working minutes the limit can hold. Calendar days and months
    /// are taken at their full length: how many of their days are worked
    /// depends on the calendar, and a process that fits the longest is sound.
    pub fn working_minutes(&self) -> Option<i64> {
        let LimitRule::Counted { amount, unit } = self.rule else { return None };
        let amount = i64::from(amount);
        Some(match unit {
            LimitUnit::SameDay => MINUTES_PER_DAY,
            LimitUnit::WorkingDays | LimitUnit::CalendarDays => amount * MINUTES_PER_DAY,
            LimitUnit::WorkingHours => amount * 60,
            LimitUnit::Months => amount * 30 * MINUTES_PER_DAY,
        })
    }
}
