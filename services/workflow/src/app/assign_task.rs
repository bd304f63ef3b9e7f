use motcua_context::Ctx;
use motcua_fault::Fault;
use motcua_ids::{AccountId, AgencyPath};
use motcua_store::Tx;

use super::{App, OnTask, permit};
use crate::domain::{Refusal, Role, TaskView};

/// The head gives a task to an officer.
#[derive(Debug, Clone)]
pub(crate) struct AssignTask {
    /// The task.
    pub(crate) on: OnTask,
    /// The officer.
    pub(crate) assignee: AccountId,
}

impl App {
    /// The head, or a leader above, gives a task to an officer or moves it to another.
    pub(crate) async fn assign_task(
        &self,
        ctx: &Ctx,
        assign: AssignTask,
    ) -> Result<TaskView, Fault> {
        let AssignTask { on, assignee } = assign;
        let officer = ctx.officer()?;
        let id = self.processes.of_task(self.store.reader(), on.task).await?;
        self.store
            .write(ctx, id.uuid(), async |tx| {
                let mut held = self.processes.lock(tx, id).await?;
                let task = held.process.task(on.task)?;
                permit::leads(officer, &task.post)?;
                held.expect(on.etag)?;
                self.require_suitable(tx, assignee, task.role, &task.post).await?;
                let events = held.process.assign(on.task, assignee, ctx.now())?;
                self.settle(tx, ctx, &held, &events, on.reason).await
            })
            .await?;
        self.task(on.task).await
    }

    /// Refuses to give work to somebody who could not do it.
    pub(super) async fn require_suitable(
        &self,
        tx: &Tx,
        assignee: AccountId,
        role: Role,
        post: &AgencyPath,
    ) -> Result<(), Fault> {
        let known = self.officers.find(tx.db(), assignee).await?;
        Ok(known.ok_or(Refusal::AssigneeUnsuitable)?.suits(role, post)?)
    }
}
