use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use motcua_ids::{AccountId, AgencyPath, DossierId, ProcedureId, ProcedureVersionId, ProcessId};
use motcua_ids::{ResultId, SupplementId, TaskId};
use serde::{Deserialize, Serialize};

use super::{Decision, Definition, DossierClock, Due, Outcome, Refusal, Step, StopCause};
use super::{Task, TaskDue};

/// The processing of one dossier (quá trình giải quyết hồ sơ).
///
/// There is one open step at a time, with the opinions asked beside it. Every
/// command either changes the process and says what happened, or refuses with a
/// name and changes nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Process {
    /// What was filed; never changes.
    pub filing: Filing,
    /// The steps it follows; never changes.
    pub definition: Definition,
    /// The record of working time.
    pub clock: DossierClock,
    /// Where it stands.
    pub progress: Progress,
    /// Every task, oldest first.
    pub tasks: Vec<Task>,
    /// Rises by one with every event.
    pub version: i64,
}

/// The facts of an accepted dossier that processing needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filing {
    /// The dossier.
    pub dossier: DossierId,
    /// Its code (mã hồ sơ).
    pub code: String,
    /// The procedure.
    pub procedure: ProcedureId,
    /// The version it was filed under.
    pub procedure_version: ProcedureVersionId,
    /// The case (trường hợp) of the procedure.
    pub case_code: String,
    /// Filed online: such dossiers come first.
    pub online: bool,
    /// Whose desk received it.
    pub receiving: AgencyPath,
    /// Who decides.
    pub competent: AgencyPath,
    /// The account it was filed from, if any.
    pub applicant: Option<AccountId>,
    /// When the limit began.
    pub accepted_at: DateTime<Utc>,
}

/// Where a process stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Officers are at work.
    Running,
    /// The citizen was asked; the clock stands still.
    AwaitingSupplement {
        /// Since when.
        since: DateTime<Utc>,
        /// The specialist's ask that was forwarded, if one was.
        ask: Option<SupplementId>,
    },
    /// What is owed is to be paid; the clock stands still.
    AwaitingPayment {
        /// Since when.
        since: DateTime<Utc>,
    },
    /// The result is at the desk.
    Finished {
        /// Since when.
        at: DateTime<Utc>,
    },
    /// The citizen has the result.
    Returned {
        /// When the officers finished.
        finished_at: DateTime<Utc>,
        /// Since when.
        at: DateTime<Utc>,
    },
    /// Nothing more happens.
    Closed {
        /// When the officers finished.
        finished_at: DateTime<Utc>,
        /// Since when.
        at: DateTime<Utc>,
    },
    /// Ended without a result.
    Stopped {
        /// When.
        at: DateTime<Utc>,
        /// Why.
        cause: StopCause,
    },
}

/// What changes as a process goes on, beside its tasks and its clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// Where it stands.
    pub state: State,
    /// A supplement the desk has not decided on.
    pub ask: Option<PendingAsk>,
    /// The newest draft of the result.
    pub draft: Option<Draft>,
    /// The approval.
    pub decision: Option<Decision>,
    /// When the agency used its one extension.
    pub extended_at: Option<DateTime<Utc>>,
    /// Working minutes left of quotas already begun, by `quota_key`.
    pub quota_left: BTreeMap<String, i64>,
    /// Working minutes before the promised time at which a warning is due.
    pub warning_minutes: i64,
    /// The promised time that was warned of, and the one that passed.
    pub warned: Option<DateTime<Utc>>,
    /// See `warned`.
    pub overdue: Option<DateTime<Utc>>,
    /// The newest version of the dossier heard of from intake.
    pub heard: i64,
}

/// An ask for a supplement that waits for the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingAsk {
    /// The ask.
    pub id: SupplementId,
    /// The task it came from.
    pub task: TaskId,
}

/// A result that is written and not approved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// The result.
    pub result: ResultId,
    /// What it decides.
    pub outcome: Outcome,
    /// Who wrote it.
    pub by: AccountId,
    /// When.
    pub at: DateTime<Utc>,
}

/// Makes the ids of tasks a command opens.
pub type NewTaskId<'a> = &'a mut dyn FnMut() -> TaskId;

impl Process {
    /// Its id: a process bears the UUID of its dossier.
    pub fn id(&self) -> ProcessId {
        ProcessId::new(self.filing.dossier.uuid())
    }

    /// Where it stands.
    pub fn state(&self) -> State {
        self.progress.state
    }

    /// The task with this id.
    pub fn task(&self, id: TaskId) -> Result<&Task, Refusal> {
        self.tasks.iter().find(|task| task.id == id).ok_or(Refusal::TaskUnknown)
    }

    /// The tasks that are not over.
    pub fn open_tasks(&self) -> impl Iterator<Item = &Task> {
        self.tasks.iter().filter(|task| task.is_open())
    }

    /// The step a task does, or beside which it is asked.
    pub fn step_of(&self, task: &Task) -> Result<&Step, Refusal> {
        self.definition.step(&task.step).ok_or(Refusal::TaskUnknown)
    }

    /// The due times as they stand; absent: the procedure has none.
    pub fn due(&self) -> Option<Due> {
        self.clock.due()
    }

    /// When the officers' part ended.
    pub fn ended_at(&self) -> Option<DateTime<Utc>> {
        match self.progress.state {
            State::Running | State::AwaitingSupplement { .. } | State::AwaitingPayment { .. } => {
                None
            }
            State::Finished { at } | State::Stopped { at, .. } => Some(at),
            State::Returned { finished_at, .. } | State::Closed { finished_at, .. } => {
                Some(finished_at)
            }
        }
    }

    /// Every agency or unit that takes part, the receiving desk's included.
    pub fn posts(&self) -> impl Iterator<Item = &AgencyPath> {
        [&self.filing.receiving, &self.filing.competent].into_iter().chain(self.definition.posts())
    }

    /// The promised time with the instant to warn at, while the clock runs.
    pub fn alarm(&self, now: DateTime<Utc>) -> Option<TaskDue> {
        if self.progress.state != State::Running {
            return None;
        }
        let at = self.due()?.promised;
        let spare = self.clock.minutes_between(now, at) - self.progress.warning_minutes;
        let near_at = if spare > 0 { self.clock.after(now, spare) } else { now };
        Some(TaskDue { at, near_at })
    }

    /// Refuses acts while the citizen is asked or has to pay, and after the end.
    pub(super) fn running(&self) -> Result<(), Refusal> {
        match self.progress.state {
            State::Running => Ok(()),
            State::AwaitingSupplement { .. } | State::AwaitingPayment { .. } => {
                Err(Refusal::DossierWaiting)
            }
            _ => Err(Refusal::ProcessEnded),
        }
    }

    /// Refuses acts that a decision forecloses.
    pub(super) fn undecided(&self) -> Result<(), Refusal> {
        match self.progress.decision {
            None => Ok(()),
            Some(_) => Err(Refusal::AlreadyDecided),
        }
    }
}
