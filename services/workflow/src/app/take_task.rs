use motcua_context::Ctx;
use motcua_fault::Fault;

use super::{App, OnTask, permit};
use crate::domain::TaskView;

impl App {
    /// An officer takes a waiting task.
    pub(crate) async fn take_task(&self, ctx: &Ctx, on: OnTask) -> Result<TaskView, Fault> {
        let officer = ctx.officer()?;
        let id = self.processes.of_task(self.store.reader(), on.task).await?;
        self.store
            .write(ctx, id.uuid(), async |tx| {
                let mut held = self.processes.lock(tx, id).await?;
                permit::works(officer, held.process.task(on.task)?)?;
                held.expect(on.etag)?;
                let events = held.process.take(on.task, officer.account, ctx.now())?;
                self.settle(tx, ctx, &held, &events, on.reason).await
            })
            .await?;
        self.task(on.task).await
    }
}
