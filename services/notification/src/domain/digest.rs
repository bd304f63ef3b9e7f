//! What awaits an officer in the morning, as workflow counted it.

use chrono::{DateTime, NaiveDate, Utc};

/// What awaits an officer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Digest {
    /// On which local day.
    pub day: NaiveDate,
    /// Tasks in the officer's hands.
    pub held: Load,
    /// Tasks in the queues they work from, taken by nobody.
    pub waiting: Load,
    /// Of both, those of a leader's step.
    pub to_approve: u32,
    /// Results at the officer's desk.
    pub to_return: u32,
    /// Dossiers past their promised time, where the officer leads.
    pub late: u32,
    /// The tasks that press most, the longest due first.
    pub urgent: Vec<Urgent>,
}

/// How many tasks there are, and how many of them press.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Load {
    /// All.
    pub tasks: u32,
    /// Of them, those due later on the day.
    pub due_today: u32,
    /// Of them, those past due.
    pub overdue: u32,
}

/// A task that presses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Urgent {
    /// Its dossier's code.
    pub code: String,
    /// When it is due.
    pub due: DateTime<Utc>,
}

impl Digest {
    /// All tasks that await the officer, held or not.
    pub const fn all(&self) -> Load {
        Load {
            tasks: self.held.tasks.saturating_add(self.waiting.tasks),
            due_today: self.held.due_today.saturating_add(self.waiting.due_today),
            overdue: self.held.overdue.saturating_add(self.waiting.overdue),
        }
    }
}
