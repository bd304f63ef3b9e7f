//! Our own terms as the contract has them.

use std::fmt::Write;

use chrono::{DateTime, Utc};
use motcua_clockwire as clockwire;
use motcua_proto::access::v1::Role as RoleMessage;
use motcua_proto::workflow::v1 as proto;
use motcua_quarantine::{Scan, Unfit};
use prost_types::Timestamp;

use crate::app::{Explained, ProcessView};
use crate::domain::{
    Act, ActKind, Ask, AskState, Outcome, Process, Quota, ResultRecord, Role, State, Step, TaskEnd,
    TaskFacts, TaskState, TaskView, Timeliness,
};

/// A role as sent.
pub(crate) const fn role_to_proto(role: Role) -> RoleMessage {
    match role {
        Role::DeskOfficer => RoleMessage::DeskOfficer,
        Role::Specialist => RoleMessage::Specialist,
        Role::HeadOfUnit => RoleMessage::HeadOfUnit,
        Role::Leader => RoleMessage::Leader,
    }
}

/// A role as received; none for those that do no steps.
pub(crate) const fn role_from_proto(role: RoleMessage) -> Option<Role> {
    match role {
        RoleMessage::DeskOfficer => Some(Role::DeskOfficer),
        RoleMessage::Specialist => Some(Role::Specialist),
        RoleMessage::HeadOfUnit => Some(Role::HeadOfUnit),
        RoleMessage::Leader => Some(Role::Leader),
        _ => None,
    }
}

fn instant(at: DateTime<Utc>) -> Timestamp {
    clockwire::instant_message(at)
}

fn name<T: ToString>(id: Option<T>) -> String {
    id.map(|id| id.to_string()).unwrap_or_default()
}

/// A task as sent; how it stands against its quota is seen at `now`.
pub(super) fn task(view: &TaskView, now: DateTime<Utc>) -> proto::Task {
    let (task, facts) = (&view.task, &view.facts);
    let ending = match &task.state {
        TaskState::Done(ending) => Some(ending),
        _ => None,
    };
    let state = match task.state {
        TaskState::Waiting => proto::TaskState::Waiting,
        TaskState::Held(_) => proto::TaskState::Held,
        TaskState::Suspended(_) => proto::TaskState::Suspended,
        TaskState::Done(_) => proto::TaskState::Done,
    };
    proto::Task {
        name: task.id.name(),
        process: facts.process.name(),
        dossier: motcua_ids::DossierId::new(facts.process.uuid()).name(),
        code: facts.code.clone(),
        procedure: facts.procedure.name(),
        step_code: task.step.clone(),
        display_name: task.name.clone(),
        role: role_to_proto(task.role).into(),
        agency: task.post.agency().name(),
        consult_code: task.consult.clone().unwrap_or_default(),
        state: state.into(),
        holder: name(task.state.holder()),
        online: facts.online,
        open_time: Some(instant(task.opened_at)),
        due_time: task.due.map(|due| instant(due.at)),
        promised_due_time: facts.promised_due_at.map(instant),
        timeliness: timeliness(task.timeliness(now)),
        end: ending.map_or(proto::TaskEnd::Unspecified, |ending| end(ending.end)).into(),
        end_time: ending.map(|ending| instant(ending.at)),
        etag: facts.version.to_string(),
    }
}

const fn end(end: TaskEnd) -> proto::TaskEnd {
    match end {
        TaskEnd::Forwarded => proto::TaskEnd::Forwarded,
        TaskEnd::SentBack => proto::TaskEnd::SentBack,
        TaskEnd::Approved => proto::TaskEnd::Approved,
        TaskEnd::Answered => proto::TaskEnd::Answered,
        TaskEnd::Withdrawn => proto::TaskEnd::Withdrawn,
        TaskEnd::Recalled => proto::TaskEnd::Recalled,
        TaskEnd::Cancelled => proto::TaskEnd::Cancelled,
    }
}

fn timeliness(verdict: Option<Timeliness>) -> i32 {
    match verdict {
        None => proto::Timeliness::Unspecified,
        Some(Timeliness::OnTime) => proto::Timeliness::OnTime,
        Some(Timeliness::Early) => proto::Timeliness::Early,
        Some(Timeliness::NearDue) => proto::Timeliness::NearDue,
        Some(Timeliness::Overdue) => proto::Timeliness::Overdue,
    }
    .into()
}

/// A process as sent.
pub(super) fn process(view: &ProcessView, now: DateTime<Utc>) -> proto::Process {
    let process = &view.process;
    let filing = &process.filing;
    let facts = TaskFacts {
        process: process.id(),
        code: filing.code.clone(),
        procedure: filing.procedure,
        online: filing.online,
        promised_due_at: process.due().map(|due| due.promised),
        version: process.version,
    };
    let tasks = process.tasks.iter().map(|one| {
        let view = TaskView { task: one.clone(), facts: facts.clone() };
        task(&view, now)
    });
    proto::Process {
        name: process.id().name(),
        dossier: filing.dossier.name(),
        code: filing.code.clone(),
        procedure: filing.procedure.name(),
        procedure_version: filing.procedure_version.name(),
        case_code: filing.case_code.clone(),
        state: state(process).into(),
        online: filing.online,
        receiving_agency: filing.receiving.agency().name(),
        competent_agency: filing.competent.agency().name(),
        accept_time: Some(instant(filing.accepted_at)),
        legal_due_time: process.due().map(|due| instant(due.legal)),
        promised_due_time: process.due().map(|due| instant(due.promised)),
        extended: process.progress.extended_at.is_some(),
        tasks: tasks.collect(),
        steps: process.definition.steps.iter().map(|one| step(process, one)).collect(),
        result: view
            .result
            .as_ref()
            .map(|record| proto::Result { file_name: String::new(), ..result(record, false) }),
        pending_ask: name(process.progress.ask.map(|ask| ask.id)),
        end_time: process.ended_at().map(instant),
        version: process.version,
        etag: process.version.to_string(),
    }
}

const fn state(process: &Process) -> proto::ProcessState {
    match process.progress.state {
        State::Running => proto::ProcessState::Running,
        State::AwaitingSupplement { .. } => proto::ProcessState::AwaitingSupplement,
        State::AwaitingPayment { .. } => proto::ProcessState::AwaitingPayment,
        State::Finished { .. } => proto::ProcessState::Finished,
        State::Returned { .. } => proto::ProcessState::Returned,
        State::Closed { .. } => proto::ProcessState::Closed,
        State::Stopped { .. } => proto::ProcessState::Stopped,
    }
}

fn step(process: &Process, step: &Step) -> proto::Step {
    proto::Step {
        code: step.code.clone(),
        display_name: step.name.clone(),
        role: role_to_proto(step.role).into(),
        agency: step.post.agency().name(),
        quota_minutes: minutes(process.definition.quota_of(step)),
        quota_group: match &step.quota {
            Quota::Own(_) => String::new(),
            Quota::Shared(group) => group.clone(),
        },
        next: step.next.clone(),
        drafts_result: step.drafts,
        approves: step.approves,
        consults: step
            .consults
            .iter()
            .map(|consult| proto::Consult {
                code: consult.code.clone(),
                display_name: consult.name.clone(),
                agency: consult.post.agency().name(),
                role: role_to_proto(consult.role).into(),
                quota_minutes: minutes(consult.quota),
            })
            .collect(),
    }
}

fn minutes(minutes: i64) -> i32 {
    i32::try_from(minutes).unwrap_or(i32::MAX)
}

/// A result as sent, with the words of the decision where the caller may read them.
pub(super) fn result(record: &ResultRecord, with_text: bool) -> proto::Result {
    let mut sha256 = String::with_capacity(64);
    for byte in &record.sha256 {
        // Writing to a String cannot fail.
        let _ = write!(sha256, "{byte:02x}");
    }
    let unfit = record.scan.unfit();
    let check = match record.scan {
        Scan::Clean => proto::FileCheck::Clean,
        Scan::Unscanned => proto::FileCheck::Unscanned,
        Scan::Waiting => proto::FileCheck::Waiting,
        Scan::Unfit(Unfit::Infected) => proto::FileCheck::Infected,
        Scan::Unfit(_) => proto::FileCheck::Unscannable,
    };
    proto::Result {
        name: record.id.name(),
        process: record.process.name(),
        dossier: motcua_ids::DossierId::new(record.process.uuid()).name(),
        outcome: match record.outcome {
            Outcome::Granted => proto::Outcome::Granted,
            Outcome::Refused => proto::Outcome::Refused,
        }
        .into(),
        text: if with_text { record.words.text.clone() } else { String::new() },
        file_name: record.words.file_name.clone(),
        media_type: record.media_type.clone(),
        size_bytes: i64::try_from(record.size_bytes).unwrap_or(i64::MAX),
        sha256,
        file_check: check.into(),
        drafted_by: record.drafted_by.name(),
        draft_time: Some(instant(record.drafted_at)),
        approved_by: name(record.approved.map(|(by, _)| by)),
        approve_time: record.approved.map(|(_, at)| instant(at)),
        problem: unfit.map(motcua_quarantine::problem).unwrap_or_default().into(),
        problem_text: unfit.map(|unfit| unfit.to_string()).unwrap_or_default(),
    }
}

/// A line of the control slip as sent.
pub(super) fn act(act: &Act) -> proto::Act {
    let line = &act.line;
    proto::Act {
        name: act.id.name(),
        kind: act_kind(line.kind).into(),
        complete_time: Some(instant(act.at)),
        actor: name(act.actor),
        agency: name(line.agency),
        task: name(line.task),
        step_code: line.step.clone().unwrap_or_default(),
        to_step_code: line.to_step.clone().unwrap_or_default(),
        to_account: name(line.to),
        reason: act.reason.clone().unwrap_or_default(),
        timeliness: timeliness(line.timeliness),
    }
}

const fn act_kind(kind: ActKind) -> proto::ActKind {
    match kind {
        ActKind::Started => proto::ActKind::Started,
        ActKind::Taken => proto::ActKind::Taken,
        ActKind::Assigned => proto::ActKind::Assigned,
        ActKind::Released => proto::ActKind::Released,
        ActKind::Forwarded => proto::ActKind::Forwarded,
        ActKind::SentBack => proto::ActKind::SentBack,
        ActKind::Recalled => proto::ActKind::Recalled,
        ActKind::Consulted => proto::ActKind::Consulted,
        ActKind::ConsultAnswered => proto::ActKind::ConsultAnswered,
        ActKind::ConsultWithdrawn => proto::ActKind::ConsultWithdrawn,
        ActKind::SupplementAsked => proto::ActKind::SupplementAsked,
        ActKind::SupplementDeclined => proto::ActKind::SupplementDeclined,
        ActKind::SupplementRequested => proto::ActKind::SupplementRequested,
        ActKind::SupplementProvided => proto::ActKind::SupplementProvided,
        ActKind::PaymentAwaited => proto::ActKind::PaymentAwaited,
        ActKind::PaymentMade => proto::ActKind::PaymentMade,
        ActKind::ResultDrafted => proto::ActKind::ResultDrafted,
        ActKind::Approved => proto::ActKind::Approved,
        ActKind::Finished => proto::ActKind::Finished,
        ActKind::Extended => proto::ActKind::Extended,
        ActKind::Stopped => proto::ActKind::Stopped,
        ActKind::StopRefused => proto::ActKind::StopRefused,
        ActKind::NearDue => proto::ActKind::NearDue,
        ActKind::Overdue => proto::ActKind::Overdue,
        ActKind::Returned => proto::ActKind::Returned,
        ActKind::Closed => proto::ActKind::Closed,
    }
}

/// An ask as sent, with the dossier's code.
pub(super) fn ask(ask: &Ask, code: String) -> proto::SupplementAsk {
    proto::SupplementAsk {
        name: ask.id.name(),
        process: ask.process.name(),
        dossier: motcua_ids::DossierId::new(ask.process.uuid()).name(),
        code,
        task: ask.task.name(),
        reasons: ask.words.reasons.clone(),
        papers: ask
            .words
            .papers
            .iter()
            .map(|paper| proto::AskedPaper {
                paper_code: paper.code.clone(),
                display_name: paper.name.clone(),
                note: paper.note.clone(),
            })
            .collect(),
        asked_by: ask.by.name(),
        ask_time: Some(instant(ask.at)),
        state: match ask.state {
            AskState::Pending => proto::AskState::Pending,
            AskState::Requested => proto::AskState::Requested,
            AskState::Declined => proto::AskState::Declined,
            AskState::Provided => proto::AskState::Provided,
            AskState::Cancelled => proto::AskState::Cancelled,
        }
        .into(),
    }
}

/// A due date with its rows and the record it was counted from.
pub(super) fn explained(explained: &Explained) -> proto::DueDateExplanation {
    let process = &explained.process;
    let clock = &process.clock;
    proto::DueDateExplanation {
        process: process.id().name(),
        dossier: process.filing.dossier.name(),
        due: explained.explanation.as_ref().map(clockwire::due_message),
        calendar: Some(clockwire::calendar_message(clock.calendar())),
        policy: Some(clockwire::policy_message(clock.policy())),
        limit: clock
            .terms()
            .map(|terms| clockwire::limit_message(terms.limit, &terms.limit_source)),
        acts: clock.acts().iter().map(clockwire::act_message).collect(),
        extension_reason: explained.extension_reason.clone().unwrap_or_default(),
    }
}
