//! The one extension, with an apology (văn bản xin lỗi, Mẫu 04).

use chrono::{DateTime, Utc};

use super::{DueDateChange, Event, Process, Refusal};

impl Process {
    /// Sets a new promised time, once, a working day before the present one at
    /// the latest.
    pub fn extend(
        &mut self,
        new_due: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<Vec<Event>, Refusal> {
        self.running()?;
        self.undecided()?;
        let Some(before) = self.due() else { return Err(Refusal::NoDueDate) };
        if let Some(at) = self.progress.extended_at {
            return Err(Refusal::AlreadyExtended { at });
        }
        let due = before.promised;
        if self.clock.minutes_between(now, due) < self.clock.working_day() {
            return Err(Refusal::ExtensionTooLate { due });
        }
        if new_due <= due {
            return Err(Refusal::ExtensionNotLater { due });
        }
        if self.clock.extend(now, new_due).is_err() {
            let next = self.clock.calendar().effective(new_due);
            return Err(Refusal::ExtensionOutsideHours { next });
        }
        self.progress.extended_at = Some(now);
        let after = self.due().unwrap_or(before);
        let change = DueDateChange::Extension;
        Ok(self.say(vec![Event::DueDateChanged { change, before, after }]))
    }
}
