use motcua_ids::{AccountId, AgencyId, TaskId};
use serde::{Deserialize, Serialize};

use super::{DueDateChange, Event, Process, Timeliness};

/// What was done, as the control slip names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActKind {
    /// The process began.
    Started,
    /// An officer took a task.
    Taken,
    /// A task was given to an officer.
    Assigned,
    /// A task went back into the queue.
    Released,
    /// To the next step.
    Forwarded,
    /// To a step done before.
    SentBack,
    /// Taken back by whoever had forwarded it.
    Recalled,
    /// Another agency was asked.
    Consulted,
    /// It answered.
    ConsultAnswered,
    /// Its answer is no longer needed.
    ConsultWithdrawn,
    /// A supplement was asked of the desk.
    SupplementAsked,
    /// The desk declined.
    SupplementDeclined,
    /// The desk asked the citizen.
    SupplementRequested,
    /// The citizen provided it.
    SupplementProvided,
    /// What is owed is to be paid.
    PaymentAwaited,
    /// It is paid.
    PaymentMade,
    /// A result was drafted.
    ResultDrafted,
    /// The result was approved.
    Approved,
    /// The result went to the desk.
    Finished,
    /// The due date was extended.
    Extended,
    /// Ended without a result.
    Stopped,
    /// A withdrawal came too late.
    StopRefused,
    /// The time left is short.
    NearDue,
    /// The promised time passed.
    Overdue,
    /// The citizen has the result.
    Returned,
    /// The dossier is closed.
    Closed,
}

/// A line of the control slip (phiếu kiểm soát, Mẫu 06), without who and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActLine {
    /// What.
    pub kind: ActKind,
    /// The task.
    pub task: Option<TaskId>,
    /// The agency or unit whose task it is.
    pub agency: Option<AgencyId>,
    /// The task's step.
    pub step: Option<String>,
    /// The step it leads to.
    pub to_step: Option<String>,
    /// The officer it leads to.
    pub to: Option<AccountId>,
    /// The task against its quota.
    pub timeliness: Option<Timeliness>,
}

impl Process {
    /// The control slip's line for an event; none where another line says it.
    pub fn line(&self, event: &Event) -> Option<ActLine> {
        use ActKind as Kind;
        let line = |kind| self.line_of(kind, None);
        let at = |kind, task: &TaskId| self.line_of(kind, Some(*task));
        Some(match event {
            Event::Started { task } => at(Kind::Started, task),
            Event::Taken { task } => at(Kind::Taken, task),
            Event::Assigned { task, to } => ActLine { to: Some(*to), ..at(Kind::Assigned, task) },
            Event::Released { task, from } => {
                ActLine { to: Some(*from), ..at(Kind::Released, task) }
            }
            Event::Forwarded { task, next, timeliness } => {
                self.moved(at(Kind::Forwarded, task), *next, *timeliness)
            }
            Event::SentBack { task, next, timeliness } => {
                self.moved(at(Kind::SentBack, task), *next, *timeliness)
            }
            // The agency is the one that takes it back, not the one it waited at.
            Event::Recalled { task, back } => {
                let agency = self.line_of(Kind::Recalled, Some(*back)).agency;
                ActLine { agency, ..self.moved(at(Kind::Recalled, task), *back, None) }
            }
            Event::Consulted { task } => at(Kind::Consulted, task),
            Event::ConsultAnswered { task, timeliness } => {
                ActLine { timeliness: *timeliness, ..at(Kind::ConsultAnswered, task) }
            }
            Event::ConsultWithdrawn { task } => at(Kind::ConsultWithdrawn, task),
            Event::SupplementAsked { task, .. } => at(Kind::SupplementAsked, task),
            Event::SupplementDeclined { .. } => line(Kind::SupplementDeclined),
            Event::SupplementRequested { .. } => line(Kind::SupplementRequested),
            Event::SupplementProvided { .. } => line(Kind::SupplementProvided),
            Event::PaymentAwaited => line(Kind::PaymentAwaited),
            Event::PaymentMade => line(Kind::PaymentMade),
            Event::DueDateChanged {
                change: DueDateChange::Supplement | DueDateChange::Payment,
                ..
            } => return None,
            Event::DueDateChanged { change: DueDateChange::Extension, .. } => line(Kind::Extended),
            Event::ResultDrafted { task, .. } => at(Kind::ResultDrafted, task),
            Event::Approved { task, timeliness, .. } => {
                ActLine { timeliness: *timeliness, ..at(Kind::Approved, task) }
            }
            Event::Finished { task, timeliness, .. } => {
                ActLine { timeliness: *timeliness, ..at(Kind::Finished, task) }
            }
            Event::Stopped { .. } => line(Kind::Stopped),
            Event::StopRefused => line(Kind::StopRefused),
            Event::NearDue { .. } => line(Kind::NearDue),
            Event::Overdue { .. } => line(Kind::Overdue),
            Event::Returned => line(Kind::Returned),
            Event::Closed => line(Kind::Closed),
        })
    }

    fn line_of(&self, kind: ActKind, task: Option<TaskId>) -> ActLine {
        let found = task.and_then(|id| self.task(id).ok());
        ActLine {
            kind,
            task,
            agency: found.map(|task| task.post.agency()),
            step: found.map(|task| task.step.clone()),
            to_step: None,
            to: None,
            timeliness: None,
        }
    }

    fn moved(&self, line: ActLine, next: TaskId, timeliness: Option<Timeliness>) -> ActLine {
        let to_step = self.task(next).ok().map(|task| task.step.clone());
        ActLine { to_step, timeliness, ..line }
    }
}
