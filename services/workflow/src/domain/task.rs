use chrono::{DateTime, FixedOffset, NaiveDate, Utc};
use motcua_ids::{AccountId, AgencyPath, TaskId};

use serde::{Deserialize, Serialize};

use super::Role;

/// One officer's piece of a process (nhiệm vụ): a step, or another agency's
/// opinion beside one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// Its id.
    pub id: TaskId,
    /// The step it does, or beside which it is asked.
    pub step: String,
    /// The consult it answers, where it is a branch.
    pub consult: Option<String>,
    /// What people read.
    pub name: String,
    /// Who does it.
    pub role: Role,
    /// The agency or unit whose queue it waits in.
    pub post: AgencyPath,
    /// The step from which the dossier came, for sending back.
    pub came_from: Option<String>,
    /// When it was opened.
    pub opened_at: DateTime<Utc>,
    /// Against what it is measured; absent: not counted.
    pub due: Option<TaskDue>,
    /// Where it stands.
    pub state: TaskState,
}

/// When a task is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TaskDue {
    /// The end of the step's quota.
    pub at: DateTime<Utc>,
    /// From here on a warning is due.
    pub near_at: DateTime<Utc>,
}

/// Where a task stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TaskState {
    /// In the queue.
    Waiting,
    /// One officer works on it, and nobody else may.
    Held(Hold),
    /// Put by while the citizen provides a supplement; the hold comes back.
    Suspended(Option<Hold>),
    /// Over.
    Done(Ending),
}

/// The lock on a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hold {
    /// The officer.
    pub by: AccountId,
    /// Since when.
    pub since: DateTime<Utc>,
}

/// How a task came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ending {
    /// The officer who held it last.
    pub by: Option<AccountId>,
    /// When.
    pub at: DateTime<Utc>,
    /// In which way.
    pub end: TaskEnd,
    /// Against the quota; absent: not counted.
    pub timeliness: Option<Timeliness>,
}

/// In which way a task ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskEnd {
    /// To the next step, or to the desk.
    Forwarded,
    /// To a step done before.
    SentBack,
    /// With the leader's approval.
    Approved,
    /// Another agency gave its opinion.
    Answered,
    /// The opinion is no longer needed.
    Withdrawn,
    /// Whoever had forwarded to it took the dossier back.
    Recalled,
    /// The process ended around it.
    Cancelled,
}

/// A task or a dossier against its due time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Timeliness {
    /// Trước hạn: ended on an earlier day.
    Early,
    /// Đúng hạn, or open with time left.
    OnTime,
    /// Open, and the time left is short.
    NearDue,
    /// Quá hạn.
    Overdue,
}

impl TaskState {
    /// The officer who works on it.
    pub fn holder(&self) -> Option<AccountId> {
        match self {
            Self::Held(hold) | Self::Suspended(Some(hold)) => Some(hold.by),
            Self::Waiting | Self::Suspended(None) => None,
            Self::Done(ending) => ending.by,
        }
    }
}

impl Task {
    /// Whether it is not over.
    pub fn is_open(&self) -> bool {
        !matches!(self.state, TaskState::Done(_))
    }

    /// Whether it was taken back before anybody saw to it.
    pub(super) fn was_recalled(&self) -> bool {
        matches!(self.state, TaskState::Done(ending) if ending.end == TaskEnd::Recalled)
    }

    /// Where it stands against its due time; absent: not counted.
    pub fn timeliness(&self, now: DateTime<Utc>) -> Option<Timeliness> {
        match &self.state {
            TaskState::Done(ending) => ending.timeliness,
            _ => self.due.map(|due| due.while_open(now)),
        }
    }

    pub(super) fn finish(&mut self, at: DateTime<Utc>, end: TaskEnd) -> Option<Timeliness> {
        let timeliness = self.due.map(|due| Timeliness::of_ended(due.at, at));
        let by = self.state.holder();
        self.state = TaskState::Done(Ending { by, at, end, timeliness });
        timeliness
    }
}

impl TaskDue {
    /// The verdict on something still open.
    pub fn while_open(self, now: DateTime<Utc>) -> Timeliness {
        if now > self.at {
            Timeliness::Overdue
        } else if now >= self.near_at {
            Timeliness::NearDue
        } else {
            Timeliness::OnTime
        }
    }
}

impl Timeliness {
    /// The verdict on something that ended, as the control slip has it.
    pub fn of_ended(due: DateTime<Utc>, at: DateTime<Utc>) -> Self {
        if at > due {
            Self::Overdue
        } else if vietnamese_day(at) < vietnamese_day(due) {
            Self::Early
        } else {
            Self::OnTime
        }
    }
}

fn vietnamese_day(at: DateTime<Utc>) -> Option<NaiveDate> {
    FixedOffset::east_opt(7 * 3600).map(|offset| at.with_timezone(&offset).date_naive())
}
