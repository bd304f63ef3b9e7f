//! What happened, as others hear it. Every event is decided on here by name.

use chrono::{DateTime, Utc};
use motcua_clockwire::instant_message as instant;
use motcua_ids::{AccountId, SupplementId, TaskId};
use motcua_proto::workflow::v1 as proto;
use motcua_store::Tx;

use crate::domain::{
    Decision, Due, DueDateChange, Event, Load, Morning, OfficerDigest, Outcome, Pressing, Process,
    StopCause, Task,
};
use crate::grpc::convert::role_to_proto;

/// What each event says about itself.
struct Saying<'a> {
    tx: &'a Tx,
    process: &'a Process,
    version: i64,
    at: DateTime<Utc>,
}

/// Says an event to others, if it concerns them.
pub(crate) fn publish(tx: &Tx, process: &Process, version: i64, at: DateTime<Utc>, event: &Event) {
    let saying = Saying { tx, process, version, at };
    match event {
        Event::Started { task } => saying.started(*task),
        Event::Taken { task }
        | Event::Assigned { task, .. }
        | Event::Recalled { back: task, .. } => saying.assigned(*task),
        Event::SupplementAsked { task, ask } => saying.supplement_needed(*task, *ask),
        Event::DueDateChanged { change, before, after } => saying.due(*change, *before, *after),
        Event::Finished { decision, .. } => saying.approved(decision),
        Event::Stopped { cause } => saying.stopped(*cause),
        Event::StopRefused => saying.stop_refused(),
        Event::NearDue { due } => saying.near_due(*due),
        Event::Overdue { due } => saying.overdue(*due),
        // Steps inside the agency, and what intake itself told us.
        Event::Released { .. }
        | Event::Forwarded { .. }
        | Event::SentBack { .. }
        | Event::Consulted { .. }
        | Event::ConsultAnswered { .. }
        | Event::ConsultWithdrawn { .. }
        | Event::SupplementDeclined { .. }
        | Event::SupplementRequested { .. }
        | Event::SupplementProvided { .. }
        | Event::PaymentAwaited
        | Event::PaymentMade
        | Event::ResultDrafted { .. }
        | Event::Approved { .. }
        | Event::Returned
        | Event::Closed => {}
    }
}

/// Says what awaits an officer: no fact about a dossier, and in nobody's control slip.
pub(crate) fn digest(tx: &Tx, morning: Morning, officer: &OfficerDigest) {
    let OfficerDigest { account, post, digest } = officer;
    let event = proto::OfficerDigestReady {
        account: account.name(),
        day: morning.day().to_string(),
        agency: post.agency().name(),
        agency_path: post.text(),
        digest_time: Some(instant(morning.now())),
        held: Some(load(digest.held)),
        waiting: Some(load(digest.waiting)),
        to_approve: number(digest.to_approve),
        to_return: number(digest.to_return),
        late: number(digest.late),
        urgent: digest.urgent.iter().map(pressing).collect(),
        expire_time: Some(instant(morning.until())),
    };
    tx.publish(account.uuid(), &event);
}

fn load(load: Load) -> proto::DigestLoad {
    proto::DigestLoad {
        tasks: number(load.tasks),
        due_today: number(load.due_today),
        overdue: number(load.overdue),
    }
}

fn pressing(task: &Pressing) -> proto::DigestTask {
    proto::DigestTask {
        process: task.process.name(),
        code: task.code.clone(),
        due_time: Some(instant(task.due)),
    }
}

fn number(n: u32) -> i32 {
    i32::try_from(n).unwrap_or(i32::MAX)
}

impl Saying<'_> {
    fn say<E: prost::Message + prost::Name>(&self, event: &E) {
        self.tx.publish(self.process.filing.dossier.uuid(), event);
    }

    fn dossier(&self) -> String {
        self.process.filing.dossier.name()
    }

    fn code(&self) -> String {
        self.process.filing.code.clone()
    }

    fn process(&self) -> String {
        self.process.id().name()
    }

    fn agency(&self) -> String {
        self.process.filing.competent.agency().name()
    }

    fn agency_path(&self) -> String {
        self.process.filing.competent.text()
    }

    fn task(&self, id: TaskId) -> Option<&Task> {
        self.process.tasks.iter().find(|task| task.id == id)
    }

    fn started(&self, task: TaskId) {
        self.say(&proto::ProcessStarted {
            dossier: self.dossier(),
            code: self.code(),
            version: self.version,
            process: self.process(),
            procedure: self.process.filing.procedure.name(),
            procedure_version: self.process.filing.procedure_version.name(),
            agency: self.agency(),
            agency_path: self.agency_path(),
            start_time: Some(instant(self.at)),
            step_code: self.task(task).map(|task| task.step.clone()).unwrap_or_default(),
        });
    }

    fn assigned(&self, id: TaskId) {
        let Some(task) = self.task(id) else { return };
        self.say(&proto::TaskAssigned {
            dossier: self.dossier(),
            code: self.code(),
            version: self.version,
            process: self.process(),
            task: id.name(),
            step_code: task.step.clone(),
            role: role_to_proto(task.role).into(),
            agency: task.post.agency().name(),
            assignee: task.state.holder().map(AccountId::name).unwrap_or_default(),
            assign_time: Some(instant(self.at)),
            due_time: task.due.map(|due| instant(due.at)),
        });
    }

    fn supplement_needed(&self, id: TaskId, ask: SupplementId) {
        let by = self.task(id).and_then(|task| task.state.holder());
        self.say(&proto::SupplementNeeded {
            dossier: self.dossier(),
            code: self.code(),
            version: self.version,
            process: self.process(),
            ask: ask.name(),
            task: id.name(),
            asked_by: by.map(AccountId::name).unwrap_or_default(),
            ask_time: Some(instant(self.at)),
        });
    }

    fn due(&self, change: DueDateChange, before: Due, after: Due) {
        let change = match change {
            DueDateChange::Supplement => proto::DueDateChange::Supplement,
            DueDateChange::Payment => proto::DueDateChange::Payment,
            DueDateChange::Extension => proto::DueDateChange::Extension,
        };
        self.say(&proto::DueDateChanged {
            dossier: self.dossier(),
            code: self.code(),
            version: self.version,
            process: self.process(),
            change: change.into(),
            previous_legal_due_time: Some(instant(before.legal)),
            previous_promised_due_time: Some(instant(before.promised)),
            legal_due_time: Some(instant(after.legal)),
            promised_due_time: Some(instant(after.promised)),
            change_time: Some(instant(self.at)),
        });
    }

    fn approved(&self, decision: &Decision) {
        let due = self.process.due();
        self.say(&proto::ResultApproved {
            dossier: self.dossier(),
            code: self.code(),
            version: self.version,
            process: self.process(),
            result: decision.result.name(),
            outcome: match decision.outcome {
                Outcome::Granted => proto::Outcome::Granted,
                Outcome::Refused => proto::Outcome::Refused,
            }
            .into(),
            approve_time: Some(instant(decision.at)),
            finish_time: Some(instant(self.at)),
            legal_due_time: due.map(|due| instant(due.legal)),
            promised_due_time: due.map(|due| instant(due.promised)),
            approved_by: decision.by.name(),
        });
    }

    fn stopped(&self, cause: StopCause) {
        let cause = match cause {
            StopCause::Withdrawn => proto::StopCause::Withdrawn,
            StopCause::SupplementExpired => proto::StopCause::SupplementExpired,
            StopCause::Desk => proto::StopCause::Desk,
        };
        self.say(&proto::ProcessStopped {
            dossier: self.dossier(),
            code: self.code(),
            version: self.version,
            process: self.process(),
            cause: cause.into(),
            stop_time: Some(instant(self.at)),
        });
    }

    fn stop_refused(&self) {
        self.say(&proto::StopRefused {
            dossier: self.dossier(),
            code: self.code(),
            version: self.version,
            process: self.process(),
            refusal: proto::StopRefusal::AlreadyDecided.into(),
            refuse_time: Some(instant(self.at)),
        });
    }

    fn near_due(&self, due: DateTime<Utc>) {
        self.say(&proto::DossierNearDue {
            dossier: self.dossier(),
            code: self.code(),
            version: self.version,
            process: self.process(),
            due_time: Some(instant(due)),
            agency: self.agency(),
            agency_path: self.agency_path(),
        });
    }

    fn overdue(&self, due: DateTime<Utc>) {
        self.say(&proto::DossierOverdue {
            dossier: self.dossier(),
            code: self.code(),
            version: self.version,
            process: self.process(),
            due_time: Some(instant(due)),
            legal_due_time: self.process.due().map(|due| instant(due.legal)),
            agency: self.agency(),
            agency_path: self.agency_path(),
        });
    }
}
