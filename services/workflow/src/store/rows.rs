//! Processes and tasks as rows, and back.

use motcua_fault::Fault;
use motcua_ids::{
    AccountId, AgencyPath, DossierId, ProcedureId, ProcedureVersionId, ProcessId, TaskId,
};
use motcua_vn::{Act, ClockPolicy, Terms, WorkingCalendar, calendar::CalendarData};
use sea_orm::ActiveValue::{NotSet, Set};
use serde::{Deserialize, Serialize};

use super::entity::{process, task};
use super::words::{from_json, from_word, json, word};
use crate::domain::{DossierClock, Ending, Filing, Hold, Process, Task, TaskDue, TaskState};

/// The due key of a task that is not counted: behind all that are.
const NO_DUE: i64 = i64::MAX;

const WAITING: &str = "waiting";
const HELD: &str = "held";
const SUSPENDED: &str = "suspended";
const DONE: &str = "done";

/// The word of a waiting task, for the queue.
pub(super) const fn waiting() -> &'static str {
    WAITING
}

#[derive(Serialize, Deserialize)]
struct ClockRules {
    calendar: CalendarData,
    policy: ClockPolicy,
    terms: Option<Terms>,
}

/// A new process's row.
pub(super) fn to_row(process: &Process) -> Result<process::ActiveModel, Fault> {
    let filing = &process.filing;
    let rules = ClockRules {
        calendar: process.clock.calendar().data().clone(),
        policy: process.clock.policy().clone(),
        terms: process.clock.terms().cloned(),
    };
    Ok(process::ActiveModel {
        id: Set(process.id().uuid()),
        code: Set(filing.code.clone()),
        procedure: Set(filing.procedure.uuid()),
        procedure_version: Set(filing.procedure_version.uuid()),
        case_code: Set(filing.case_code.clone()),
        online: Set(filing.online),
        receiving: Set(filing.receiving.text()),
        competent: Set(filing.competent.text()),
        applicant: Set(filing.applicant.map(AccountId::uuid)),
        accepted_at: Set(filing.accepted_at),
        definition: Set(json(&process.definition)?),
        clock_rules: Set(json(&rules)?),
        ..to_changes(process)?
    })
}

/// What may have changed in a process's row.
pub(super) fn to_changes(process: &Process) -> Result<process::ActiveModel, Fault> {
    let due = process.due();
    Ok(process::ActiveModel {
        id: NotSet,
        state: Set(word(&process.progress.state)?),
        legal_due_at: Set(due.map(|due| due.legal)),
        promised_due_at: Set(due.map(|due| due.promised)),
        clock_acts: Set(json(&process.clock.acts())?),
        progress: Set(json(&process.progress)?),
        version: Set(process.version),
        ..Default::default()
    })
}

/// A process from its row and its tasks' rows, in their order.
pub(super) fn from_row(row: process::Model, tasks: Vec<task::Model>) -> Result<Process, Fault> {
    let rules: ClockRules = from_json(&row.clock_rules)?;
    let acts: Vec<Act> = from_json(&row.clock_acts)?;
    let calendar = WorkingCalendar::try_from(rules.calendar).map_err(Fault::internal)?;
    Ok(Process {
        filing: Filing {
            dossier: DossierId::new(row.id),
            code: row.code,
            procedure: ProcedureId::new(row.procedure),
            procedure_version: ProcedureVersionId::new(row.procedure_version),
            case_code: row.case_code,
            online: row.online,
            receiving: path(&row.receiving)?,
            competent: path(&row.competent)?,
            applicant: row.applicant.map(AccountId::new),
            accepted_at: row.accepted_at,
        },
        definition: from_json(&row.definition)?,
        clock: DossierClock::from_record(calendar, rules.policy, rules.terms, acts)
            .map_err(|error| Fault::internal(error.to_string()))?,
        progress: from_json(&row.progress)?,
        tasks: tasks.into_iter().map(from_task_row).collect::<Result<_, _>>()?,
        version: row.version,
    })
}

/// A task's row, at its place in the process.
pub(super) fn to_task_row(
    process: ProcessId,
    online: bool,
    position: usize,
    task: &Task,
) -> Result<task::ActiveModel, Fault> {
    let (state, hold, ending) = match task.state {
        TaskState::Waiting => (WAITING, None, None),
        TaskState::Held(hold) => (HELD, Some(hold), None),
        TaskState::Suspended(hold) => (SUSPENDED, hold, None),
        TaskState::Done(ending) => (DONE, None, Some(ending)),
    };
    let due = task.due;
    Ok(task::ActiveModel {
        id: Set(task.id.uuid()),
        process: Set(process.uuid()),
        position: Set(i32::try_from(position).map_err(Fault::internal)?),
        step: Set(task.step.clone()),
        consult: Set(task.consult.clone()),
        name: Set(task.name.clone()),
        role: Set(word(&task.role)?),
        agency: Set(task.post.agency().uuid()),
        post: Set(task.post.text()),
        came_from: Set(task.came_from.clone()),
        opened_at: Set(task.opened_at),
        due_at: Set(due.map(|due| due.at)),
        near_at: Set(due.map(|due| due.near_at)),
        state: Set(state.to_owned()),
        is_open: Set(ending.is_none()),
        holder: Set(task.state.holder().map(AccountId::uuid)),
        held_since: Set(hold.map(|hold| hold.since)),
        ended_at: Set(ending.map(|ending| ending.at)),
        ended_how: Set(ending.map(|ending| word(&ending.end)).transpose()?),
        timeliness: Set(ending.and_then(|e| e.timeliness).map(|t| word(&t)).transpose()?),
        rank: Set(i16::from(!online)),
        due_key: Set(due.map_or(NO_DUE, |due| due.at.timestamp_micros())),
    })
}

/// A task from its row; a row that cannot be is refused.
pub(super) fn from_task_row(row: task::Model) -> Result<Task, Fault> {
    let holder = row.holder.map(AccountId::new);
    let hold = holder.zip(row.held_since).map(|(by, since)| Hold { by, since });
    let state = match (row.state.as_str(), hold, row.ended_at) {
        (WAITING, None, None) => TaskState::Waiting,
        (HELD, Some(hold), None) => TaskState::Held(hold),
        (SUSPENDED, hold, None) => TaskState::Suspended(hold),
        (DONE, None, Some(at)) => TaskState::Done(Ending {
            by: holder,
            at,
            end: from_word(row.ended_how.as_deref().unwrap_or_default())?,
            timeliness: row.timeliness.as_deref().map(from_word).transpose()?,
        }),
        (state, ..) => return Err(Fault::internal(format!("task {} is {state}?", row.id))),
    };
    let due = row.due_at.zip(row.near_at).map(|(at, near_at)| TaskDue { at, near_at });
    Ok(Task {
        id: TaskId::new(row.id),
        step: row.step,
        consult: row.consult,
        name: row.name,
        role: from_word(&row.role)?,
        post: path(&row.post)?,
        came_from: row.came_from,
        opened_at: row.opened_at,
        due,
        state,
    })
}

fn path(text: &str) -> Result<AgencyPath, Fault> {
    AgencyPath::parse(text).map_err(Fault::internal)
}
