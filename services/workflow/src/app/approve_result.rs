use motcua_context::Ctx;
use motcua_fault::Fault;
use motcua_ids::ResultId;

use super::{App, OnTask, ProcessView, permit};
use crate::domain::Onward;

/// A leader approves a draft.
#[derive(Debug, Clone)]
pub(crate) struct ApproveResult {
    /// The task.
    pub(crate) on: OnTask,
    /// The draft that was read.
    pub(crate) result: ResultId,
    /// Where the step leads.
    pub(crate) onward: Onward,
}

impl App {
    /// The holder of a step that approves approves the draft they read.
    pub(crate) async fn approve_result(
        &self,
        ctx: &Ctx,
        approve: ApproveResult,
    ) -> Result<ProcessView, Fault> {
        let ApproveResult { on, result, onward } = approve;
        let officer = ctx.officer()?;
        let id = self.processes.of_task(self.store.reader(), on.task).await?;
        self.store
            .write(ctx, id.uuid(), async |tx| {
                let mut held = self.processes.lock(tx, id).await?;
                permit::works(officer, held.process.task(on.task)?)?;
                held.expect(on.etag)?;
                let read = self.results.get(tx.db(), result).await;
                let (by, now) = (officer.account, ctx.now());
                let new_id = &mut || ctx.new_id();
                let events = held.process.approve(on.task, by, result, &onward, now, new_id)?;
                // The draft that was named is the newest one: it must have been readable.
                read?.readable(!self.quarantine.scans())?;
                self.settle(tx, ctx, &held, &events, on.reason).await
            })
            .await?;
        self.process(id).await
    }
}
