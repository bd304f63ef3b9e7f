//! What is answered about a process, and to whom.

use motcua_context::{Actor, Ctx};
use motcua_fault::Fault;
use motcua_ids::{ProcessId, ResultId, SupplementId, TaskId};
use motcua_vn::clock::Explanation;

use super::{App, permit};
use crate::domain::{Act, ActKind, Ask, Process, Refusal, ResultRecord, TaskView};

/// A process with its newest draft or its approved result.
#[derive(Debug, Clone)]
pub(crate) struct ProcessView {
    /// The process.
    pub(crate) process: Process,
    /// The result.
    pub(crate) result: Option<ResultRecord>,
}

/// A process's due date, counted anew.
#[derive(Debug, Clone)]
pub(crate) struct Explained {
    /// The process, with its record.
    pub(crate) process: Process,
    /// Absent: there is no due date.
    pub(crate) explanation: Option<Explanation>,
    /// Why the agency extended it, in its words to the citizen.
    pub(crate) extension_reason: Option<String>,
}

impl App {
    /// One task, for whoever may see its process.
    pub(crate) async fn get_task(&self, ctx: &Ctx, id: TaskId) -> Result<TaskView, Fault> {
        let process = self.processes.of_task(self.store.reader(), id).await?;
        let process = self.processes.get(self.store.reader(), process).await?;
        permit::sees(ctx.officer()?, &process).map_err(|_| Refusal::TaskUnknown)?;
        self.task(id).await
    }

    /// One process, for officers who take part, and intake.
    pub(crate) async fn get_process(&self, ctx: &Ctx, id: ProcessId) -> Result<ProcessView, Fault> {
        let view = self.process(id).await?;
        require_party(ctx, &view.process)?;
        Ok(view)
    }

    /// A page of the control slip. Reasons may name people: the reading is recorded.
    pub(crate) async fn list_acts(
        &self,
        ctx: &Ctx,
        id: ProcessId,
        after: Option<i64>,
        limit: u64,
    ) -> Result<Vec<Act>, Fault> {
        let process = self.processes.get(self.store.reader(), id).await?;
        permit::sees(ctx.officer()?, &process)?;
        self.record_reading(ctx, "ListActs", &process).await?;
        self.acts.page(self.store.reader(), id, after, limit).await
    }

    /// The due date with the rows that lead to it; also for the citizen whose dossier it is,
    /// and for notification, which writes to them.
    pub(crate) async fn explain_due_date(
        &self,
        ctx: &Ctx,
        id: ProcessId,
    ) -> Result<Explained, Fault> {
        let process = self.processes.get(self.store.reader(), id).await?;
        let own = match ctx.actor().principal() {
            Actor::Person(person) => process.filing.applicant == Some(person.account),
            _ => false,
        };
        if !own && !ctx.actor().is_service("notification") {
            require_party(ctx, &process)?;
        }
        let explanation = process.clock.explain()?;
        let mut extension_reason = None;
        if process.progress.extended_at.is_some() {
            self.record_reading(ctx, "ExplainDueDate", &process).await?;
            extension_reason =
                self.acts.reason_of(self.store.reader(), id, ActKind::Extended).await?;
        }
        Ok(Explained { process, explanation, extension_reason })
    }

    /// An ask with its reasons, for the desk, officers who take part, and intake.
    pub(crate) async fn get_supplement_ask(
        &self,
        ctx: &Ctx,
        id: SupplementId,
    ) -> Result<(Ask, String), Fault> {
        let ask = self.asks.get(self.store.reader(), id).await?;
        let process = self.processes.get(self.store.reader(), ask.process).await?;
        require_party(ctx, &process).map_err(|_| Refusal::AskUnknown)?;
        self.record_reading(ctx, "GetSupplementAsk", &process).await?;
        Ok((ask, process.filing.code))
    }

    /// A result with its words, for officers who take part, and intake.
    pub(crate) async fn get_result(&self, ctx: &Ctx, id: ResultId) -> Result<ResultRecord, Fault> {
        let record = self.results.get(self.store.reader(), id).await?;
        let process = self.processes.get(self.store.reader(), record.process).await?;
        require_party(ctx, &process).map_err(|_| Refusal::ResultUnknown)?;
        self.record_reading(ctx, "GetResult", &process).await?;
        Ok(record)
    }

    /// The task as it stands, for one who was let in.
    pub(super) async fn task(&self, id: TaskId) -> Result<TaskView, Fault> {
        let found = self.queue.find(self.store.reader(), id).await?;
        Ok(found.ok_or(Refusal::TaskUnknown)?)
    }

    /// The process as it stands, for one who was let in.
    pub(super) async fn process(&self, id: ProcessId) -> Result<ProcessView, Fault> {
        let process = self.processes.get(self.store.reader(), id).await?;
        let result = match process.progress.draft {
            Some(draft) => Some(self.results.get(self.store.reader(), draft.result).await?),
            None => None,
        };
        Ok(ProcessView { process, result })
    }

    /// Records that what is personal to the applicant, with an account or without, is read.
    pub(super) async fn record_reading(
        &self,
        ctx: &Ctx,
        method: &str,
        process: &Process,
    ) -> Result<(), Fault> {
        let subjects: Vec<_> = process.filing.applicant.into_iter().collect();
        let method = format!("/motcua.workflow.v1.WorkflowService/{method}");
        let dossiers = [process.filing.dossier];
        self.store.record_reading(ctx, &method, &subjects, &dossiers, "process_dossier").await
    }
}

fn require_party(ctx: &Ctx, process: &Process) -> Result<(), Fault> {
    if ctx.actor().is_service("intake") {
        return Ok(());
    }
    let Actor::Officer(officer) = ctx.actor().principal() else {
        return Err(Refusal::ProcessUnknown.into());
    };
    Ok(permit::sees(officer, process)?)
}
