use motcua_context::{Ctx, Officer};
use motcua_fault::Fault;
use motcua_ids::TaskId;
use motcua_store::Tx;

use super::{App, OnTask, ProcessView, permit};
use crate::domain::{Onward, Process};

/// An officer ends a step.
#[derive(Debug, Clone)]
pub(crate) struct ForwardTask {
    /// The task.
    pub(crate) on: OnTask,
    /// Where it leads.
    pub(crate) onward: Onward,
}

impl App {
    /// The holder ends a step and opens the next, or hands the result to the desk.
    pub(crate) async fn forward_task(
        &self,
        ctx: &Ctx,
        forward: ForwardTask,
    ) -> Result<ProcessView, Fault> {
        let ForwardTask { on, onward } = forward;
        let officer = ctx.officer()?;
        let id = self.processes.of_task(self.store.reader(), on.task).await?;
        self.store
            .write(ctx, id.uuid(), async |tx| {
                let mut held = self.processes.lock(tx, id).await?;
                permit::works(officer, held.process.task(on.task)?)?;
                held.expect(on.etag)?;
                self.require_onward(tx, officer, &held.process, on.task, &onward).await?;
                let (by, now) = (officer.account, ctx.now());
                let new_id = &mut || ctx.new_id();
                let events = held.process.forward(on.task, by, &onward, now, new_id)?;
                self.settle(tx, ctx, &held, &events, on.reason).await
            })
            .await?;
        self.process(id).await
    }

    /// Whoever names the next officer must lead where the next step is done.
    pub(super) async fn require_onward(
        &self,
        tx: &Tx,
        officer: &Officer,
        process: &Process,
        task: TaskId,
        onward: &Onward,
    ) -> Result<(), Fault> {
        let Some(assignee) = onward.assignee else { return Ok(()) };
        let Some(next) = process.step_after(task, onward)? else { return Ok(()) };
        permit::leads(officer, &next.post)?;
        self.require_suitable(tx, assignee, next.role, &next.post).await
    }
}
