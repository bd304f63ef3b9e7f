use motcua_context::Ctx;
use motcua_fault::Fault;

use super::{App, OnTask, permit};
use crate::domain::TaskView;

impl App {
    /// The holder, the head or a leader puts a task back into the queue.
    pub(crate) async fn release_task(&self, ctx: &Ctx, on: OnTask) -> Result<TaskView, Fault> {
        let officer = ctx.officer()?;
        let id = self.processes.of_task(self.store.reader(), on.task).await?;
        self.store
            .write(ctx, id.uuid(), async |tx| {
                let mut held = self.processes.lock(tx, id).await?;
                let task = held.process.task(on.task)?;
                if task.state.holder() != Some(officer.account) {
                    permit::leads(officer, &task.post)?;
                }
                held.expect(on.etag)?;
                let events = held.process.release(on.task)?;
                self.settle(tx, ctx, &held, &events, on.reason).await
            })
            .await?;
        self.task(on.task).await
    }
}
