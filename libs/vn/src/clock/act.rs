//! The record a clock is counted from.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use motcua_fault::{Kind, Refusal};
use serde::{Deserialize, Serialize};

use crate::{Timestamp, local::date_text};

/// What has happened to a dossier's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "act")]
pub enum Act {
    /// The dossier was accepted.
    Started {
        /// When.
        at: Timestamp,
    },
    /// Something is awaited.
    Paused {
        /// When.
        at: Timestamp,
        /// What.
        why: Pause,
    },
    /// What was awaited has come.
    Resumed {
        /// When.
        at: Timestamp,
        /// What.
        why: Pause,
    },
    /// A later appointment was given, with an apology.
    Extended {
        /// When.
        at: Timestamp,
        /// The new promised time.
        until: Timestamp,
    },
    /// Processing ended.
    Ended {
        /// When.
        at: Timestamp,
    },
}

impl Act {
    /// When it happened.
    pub const fn at(self) -> Timestamp {
        match self {
            Self::Started { at }
            | Self::Paused { at, .. }
            | Self::Resumed { at, .. }
            | Self::Extended { at, .. }
            | Self::Ended { at } => at,
        }
    }
}

/// What is awaited while a clock stands still.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pause {
    /// Bổ sung hồ sơ: a supplement from the applicant.
    Supplement,
    /// Nghĩa vụ tài chính: a payment by the applicant.
    Payment,
    /// Yêu cầu rút hồ sơ: a decision about the applicant's request to withdraw.
    Withdrawal,
}

/// Whether a clock runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClockState {
    /// Time is counted.
    Running,
    /// Something is awaited since then.
    Paused {
        /// When the clock stopped.
        since: Timestamp,
    },
    /// Processing ended then.
    Ended {
        /// When.
        at: Timestamp,
    },
}

/// A record that cannot have happened, or cannot be counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ClockError {
    /// The record does not begin with the start.
    #[error("Hồ sơ chưa được tiếp nhận nên chưa tính thời hạn.")]
    NotStarted,
    /// A second start.
    #[error("Thời hạn của hồ sơ đã được tính từ trước.")]
    StartedTwice,
    /// An act before the one recorded ahead of it.
    #[error("Thời điểm ghi nhận đứng trước việc đã ghi trước đó.")]
    OutOfOrder,
    /// The same thing is awaited twice.
    #[error("Thời hạn đang tạm dừng vì lý do này.")]
    AlreadyPaused,
    /// What comes was not awaited.
    #[error("Thời hạn không tạm dừng vì lý do này.")]
    NotPaused,
    /// A later appointment while the clock stands still.
    #[error("Không hẹn lại khi thời hạn đang tạm dừng.")]
    ExtendedWhilePaused,
    /// The new appointment is not later than the one it replaces.
    #[error("Thời điểm hẹn lại phải sau thời điểm đã hẹn.")]
    ExtensionNotLater,
    /// The new appointment is not in office hours.
    #[error("Thời điểm hẹn lại phải trong giờ làm việc.")]
    ExtensionOutsideOfficeHours,
    /// An act after the end.
    #[error("Hồ sơ đã kết thúc xử lý.")]
    Ended,
    /// A limit that is no limit.
    #[error("Thời hạn giải quyết phải từ 1 đến 10.000 đơn vị.")]
    LimitOutOfRange {
        /// The amount.
        amount: u32,
    },
    /// The calendar begins after the start.
    #[error("Lịch làm việc chỉ có hiệu lực từ ngày {}.", date_text(*.from))]
    BeforeCalendar {
        /// Its first day.
        from: NaiveDate,
    },
}

impl Refusal for ClockError {
    fn kind(&self) -> Kind {
        match self {
            Self::ExtensionNotLater
            | Self::ExtensionOutsideOfficeHours
            | Self::LimitOutOfRange { .. } => Kind::InvalidArgument,
            _ => Kind::FailedPrecondition,
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::NotStarted => "CLOCK_NOT_STARTED",
            Self::StartedTwice => "CLOCK_STARTED_TWICE",
            Self::OutOfOrder => "CLOCK_ACT_OUT_OF_ORDER",
            Self::AlreadyPaused => "CLOCK_ALREADY_PAUSED",
            Self::NotPaused => "CLOCK_NOT_PAUSED",
            Self::ExtendedWhilePaused => "CLOCK_EXTENDED_WHILE_PAUSED",
            Self::ExtensionNotLater => "EXTENSION_NOT_LATER",
            Self::ExtensionOutsideOfficeHours => "EXTENSION_OUTSIDE_OFFICE_HOURS",
            Self::Ended => "CLOCK_ENDED",
            Self::LimitOutOfRange { .. } => "LIMIT_OUT_OF_RANGE",
            Self::BeforeCalendar { .. } => "CALENDAR_BEGINS_LATER",
        }
    }
}

/// Refuses a record that cannot have happened; answers when it started.
pub(super) fn check(acts: &[Act]) -> Result<Timestamp, ClockError> {
    let Some((&Act::Started { at: start }, rest)) = acts.split_first() else {
        return Err(ClockError::NotStarted);
    };
    let mut last = start;
    let mut awaited = BTreeSet::new();
    let mut ended = false;
    for act in rest {
        if ended {
            return Err(ClockError::Ended);
        }
        if act.at() < last {
            return Err(ClockError::OutOfOrder);
        }
        last = act.at();
        match act {
            Act::Started { .. } => return Err(ClockError::StartedTwice),
            Act::Paused { why, .. } if !awaited.insert(*why) => {
                return Err(ClockError::AlreadyPaused);
            }
            Act::Resumed { why, .. } if !awaited.remove(why) => return Err(ClockError::NotPaused),
            Act::Extended { .. } if !awaited.is_empty() => {
                return Err(ClockError::ExtendedWhilePaused);
            }
            Act::Ended { .. } => ended = true,
            Act::Paused { .. } | Act::Resumed { .. } | Act::Extended { .. } => {}
        }
    }
    Ok(start)
}

/// Whether the clock of a record that holds together runs.
pub(super) fn state(acts: &[Act]) -> ClockState {
    let mut awaited = 0_usize;
    let mut state = ClockState::Running;
    for act in acts {
        state = match *act {
            Act::Paused { at, .. } => {
                awaited += 1;
                if awaited == 1 { ClockState::Paused { since: at } } else { state }
            }
            Act::Resumed { .. } => {
                awaited = awaited.saturating_sub(1);
                if awaited == 0 { ClockState::Running } else { state }
            }
            Act::Ended { at } => ClockState::Ended { at },
            Act::Started { .. } | Act::Extended { .. } => state,
        };
    }
    state
}
