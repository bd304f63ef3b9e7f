use motcua_context::Ctx;
use motcua_fault::Fault;

use super::{App, OnTask, ProcessView, permit};

impl App {
    /// Whoever forwarded a step takes the dossier back before anybody has begun on it.
    pub(crate) async fn recall_task(&self, ctx: &Ctx, on: OnTask) -> Result<ProcessView, Fault> {
        let officer = ctx.officer()?;
        let id = self.processes.of_task(self.store.reader(), on.task).await?;
        self.store
            .write(ctx, id.uuid(), async |tx| {
                let mut held = self.processes.lock(tx, id).await?;
                permit::works(officer, held.process.task(on.task)?)?;
                held.expect(on.etag)?;
                let (by, now) = (officer.account, ctx.now());
                let events = held.process.recall(on.task, by, now, &mut || ctx.new_id())?;
                self.settle(tx, ctx, &held, &events, on.reason).await
            })
            .await?;
        self.process(id).await
    }
}
