use chrono::{DateTime, Utc};
use motcua_ids::{AccountId, ResultId, SupplementId, TaskId};
use serde::{Deserialize, Serialize};

use super::{Due, Timeliness};

/// What happened in a process. Each becomes a line of the control slip, an
/// event for other services, or both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// The process began, with this task.
    Started {
        /// The task.
        task: TaskId,
    },
    /// An officer took a waiting task.
    Taken {
        /// The task.
        task: TaskId,
    },
    /// A task was given to an officer, perhaps away from another.
    Assigned {
        /// The task.
        task: TaskId,
        /// The officer it goes to.
        to: AccountId,
    },
    /// A task went back into the queue.
    Released {
        /// The task.
        task: TaskId,
        /// The officer it is taken from.
        from: AccountId,
    },
    /// A step was done; the next task is open.
    Forwarded {
        /// The task.
        task: TaskId,
        /// The task opened by it.
        next: TaskId,
        /// The task against its quota; absent: not counted.
        timeliness: Option<Timeliness>,
    },
    /// A step done before was opened again.
    SentBack {
        /// The task.
        task: TaskId,
        /// The task opened by it.
        next: TaskId,
        /// The task against its quota; absent: not counted.
        timeliness: Option<Timeliness>,
    },
    /// Whoever forwarded a step took the dossier back before anybody had begun.
    Recalled {
        /// The waiting task that is gone.
        task: TaskId,
        /// The task opened again.
        back: TaskId,
    },
    /// Another agency was asked.
    Consulted {
        /// The task.
        task: TaskId,
    },
    /// It answered.
    ConsultAnswered {
        /// The task.
        task: TaskId,
        /// The task against its quota; absent: not counted.
        timeliness: Option<Timeliness>,
    },
    /// Its answer is no longer needed.
    ConsultWithdrawn {
        /// The task.
        task: TaskId,
    },
    /// A supplement is needed; the desk decides.
    SupplementAsked {
        /// The task.
        task: TaskId,
        /// The ask.
        ask: SupplementId,
    },
    /// The desk found it not needed.
    SupplementDeclined {
        /// The ask.
        ask: SupplementId,
    },
    /// The desk asked the citizen; the clock stands still.
    SupplementRequested {
        /// The ask.
        ask: Option<SupplementId>,
    },
    /// The citizen provided it; the clock runs.
    SupplementProvided {
        /// The ask.
        ask: Option<SupplementId>,
    },
    /// What is owed is to be paid; the clock stands still.
    PaymentAwaited,
    /// It is paid; the clock runs.
    PaymentMade,
    /// The appointment moved.
    DueDateChanged {
        /// Why.
        change: DueDateChange,
        /// The due times so far.
        before: Due,
        /// The due times from here on.
        after: Due,
    },
    /// A result was drafted.
    ResultDrafted {
        /// The task.
        task: TaskId,
        /// The result.
        result: ResultId,
    },
    /// The leader approved it; a withdrawal is too late from here on.
    Approved {
        /// The task.
        task: TaskId,
        /// What was decided.
        decision: Decision,
        /// The task against its quota; absent: not counted.
        timeliness: Option<Timeliness>,
    },
    /// The result is at the desk.
    Finished {
        /// The task.
        task: TaskId,
        /// What was decided.
        decision: Decision,
        /// The task against its quota; absent: not counted.
        timeliness: Option<Timeliness>,
    },
    /// The process ended without a result.
    Stopped {
        /// Why.
        cause: StopCause,
    },
    /// A withdrawal came too late.
    StopRefused,
    /// The time left is short.
    NearDue {
        /// The promised time.
        due: DateTime<Utc>,
    },
    /// The promised time passed.
    Overdue {
        /// The promised time.
        due: DateTime<Utc>,
    },
    /// The citizen has the result.
    Returned,
    /// The dossier is closed.
    Closed,
}

/// Why an appointment moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DueDateChange {
    /// A supplement was provided.
    Supplement,
    /// What was owed was paid.
    Payment,
    /// The agency apologised and set a new time.
    Extension,
}

/// Why a process ended without a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StopCause {
    /// The citizen withdrew the dossier.
    Withdrawn,
    /// The citizen did not provide the supplement in time.
    SupplementExpired,
    /// The desk stopped it.
    Desk,
}

/// What the agency decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// What was asked for is given.
    Granted,
    /// It is refused, with reasons.
    Refused,
}

/// A result the leader approved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// The approved draft.
    pub result: ResultId,
    /// What it decides.
    pub outcome: Outcome,
    /// The leader.
    pub by: AccountId,
    /// When.
    pub at: DateTime<Utc>,
}
