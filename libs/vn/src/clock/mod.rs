//! The clock of a dossier: its due times, recomputed from recorded acts.
//!
//! A due time is never stored as truth and then adjusted. What is recorded is
//! what happened (accepted, supplement requested, resumed, a later appointment
//! given), and [`Clock`] counts it all again: the same record, calendar and
//! policy always give the same times and the same explaining rows.
//!
//! ```text
//! let clock = Clock::new(&calendar, &policy, &terms, &acts)?;
//! let due = clock.due();          // microseconds, no text is made
//! let rows = clock.explain();     // each counted stretch, day off, pause and rule, with its source
//! ```
//!
//! Acts are counted by the minute in which they happened; an act outside
//! office hours takes effect at the next opening.
//!
//! **Units.** Limits of working time count office minutes. Limits in calendar
//! days or months do not count the day of receipt, end at the close of the
//! last day and never on a day off. A same-day limit ends at the close of the
//! day, or of the next working day if received after the cut-off.
//!
//! **Pauses.** The clock stands still while anything is awaited. Under *shift*
//! it goes on where it stood; under *restart* the end of a supplement begins
//! the whole limit anew. A pause that begins after the due time has passed
//! does not cure the delay.
//!
//! **Two times.** The legal time is counted by the limit of law; the promised
//! time by the limit as shortened for online filing, and later by a new
//! appointment.

mod act;
mod count;
mod row;
mod run;
mod wording;

pub use act::{Act, ClockError, ClockState, Pause};
pub use row::{ClockRow, RowKind};

use run::Run;
use serde::{Deserialize, Serialize};

use crate::{ClockPolicy, SupplementRegime, TimeLimit, Timestamp, WorkingCalendar, local};

/// What is counted for one dossier; kept with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// The limit of the way in which the dossier was filed.
    pub limit: TimeLimit,
    /// The text that sets the limit; empty: the policy's general source is cited.
    pub limit_source: String,
    /// Whether it was filed online.
    pub filed_online: bool,
    /// What a supplement does to the limit.
    pub regime: SupplementRegime,
}

/// The two due times, side by side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DueTimes {
    /// Hạn theo quy định: by the limit of law.
    pub legal: Timestamp,
    /// Hẹn trả kết quả: as promised to the applicant.
    pub promised: Timestamp,
    /// Whether the calendar's data ends before either of them, or either was
    /// counted over a day off that is provisional itself.
    pub provisional: bool,
}

/// Both due times with the rows that lead to them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explanation {
    /// The due times.
    pub due: DueTimes,
    /// How the promised time was counted.
    pub promised: Vec<ClockRow>,
    /// How the legal time was counted.
    pub legal: Vec<ClockRow>,
}

/// The clock of one dossier.
#[derive(Debug, Clone, Copy)]
pub struct Clock<'a> {
    calendar: &'a WorkingCalendar,
    policy: &'a ClockPolicy,
    terms: &'a Terms,
    acts: &'a [Act],
    due: DueTimes,
}

/// Which of the two times is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Legal,
    Promised,
}

impl<'a> Clock<'a> {
    /// Counts the record; refuses one that cannot have happened.
    pub fn new(
        calendar: &'a WorkingCalendar,
        policy: &'a ClockPolicy,
        terms: &'a Terms,
        acts: &'a [Act],
    ) -> Result<Self, ClockError> {
        if !terms.limit.is_sane() {
            return Err(ClockError::LimitOutOfRange { amount: terms.limit.amount });
        }
        let start = act::check(acts)?;
        if local::day(start) < calendar.data().valid_from {
            return Err(ClockError::BeforeCalendar { from: calendar.data().valid_from });
        }
        let count = |side| Run::new(calendar, policy, terms, side, None).count(acts);
        let (legal, promised) = (count(Side::Legal)?, count(Side::Promised)?);
        let due = DueTimes {
            legal: legal.due,
            promised: promised.due,
            provisional: legal.provisional || promised.provisional,
        };
        Ok(Self { calendar, policy, terms, acts, due })
    }

    /// The due times. While something is awaited they are those of the moment
    /// at which the clock stopped.
    pub const fn due(&self) -> DueTimes {
        self.due
    }

    /// Whether the clock runs.
    pub fn state(&self) -> ClockState {
        act::state(self.acts)
    }

    /// The due times with the rows that lead to them.
    pub fn explain(&self) -> Explanation {
        let rows = |side| {
            let mut rows = Vec::new();
            let run = Run::new(self.calendar, self.policy, self.terms, side, Some(&mut rows));
            // `new` has counted the same record before.
            let counted = run.count(self.acts);
            debug_assert!(counted.is_ok());
            rows
        };
        Explanation { due: self.due, promised: rows(Side::Promised), legal: rows(Side::Legal) }
    }
}

/// When an applicant must have been told whether the dossier is complete.
pub fn notice_due(
    calendar: &WorkingCalendar,
    policy: &ClockPolicy,
    received_at: Timestamp,
    filed_online: bool,
) -> Timestamp {
    let minutes =
        if filed_online { policy.online_notice_minutes } else { policy.other_notice_minutes };
    calendar.after(calendar.effective(received_at), u32::from(minutes))
}

/// The last instant at which a supplement is still in time: the close of the
/// last of so many calendar days, moved to a working day; the day of the
/// request is not counted.
pub fn supplement_due(calendar: &WorkingCalendar, requested_at: Timestamp, days: u16) -> Timestamp {
    let day = local::day_number(local::day(requested_at)) + i64::from(days);
    let last = calendar.working_from(day);
    local::minute_instant(calendar.closing(last).unwrap_or(last * local::DAY))
}
