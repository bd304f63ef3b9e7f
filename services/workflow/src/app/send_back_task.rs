use motcua_context::Ctx;
use motcua_fault::Fault;

use super::{App, OnTask, ProcessView, permit};

/// An officer sends a dossier back to a step done before.
#[derive(Debug, Clone)]
pub(crate) struct SendBackTask {
    /// The task.
    pub(crate) on: OnTask,
    /// The step; absent: the one that led here.
    pub(crate) to: Option<String>,
}

impl App {
    /// The holder sends the dossier back, with reasons, to the person who did a step before.
    pub(crate) async fn send_back_task(
        &self,
        ctx: &Ctx,
        send_back: SendBackTask,
    ) -> Result<ProcessView, Fault> {
        let SendBackTask { on, to } = send_back;
        let officer = ctx.officer()?;
        let id = self.processes.of_task(self.store.reader(), on.task).await?;
        self.store
            .write(ctx, id.uuid(), async |tx| {
                let mut held = self.processes.lock(tx, id).await?;
                permit::works(officer, held.process.task(on.task)?)?;
                held.expect(on.etag)?;
                let gone = self.gone(tx, &held.process).await?;
                let (by, now) = (officer.account, ctx.now());
                let (to, new_id) = (to.as_deref(), &mut || ctx.new_id());
                let events = held.process.send_back(on.task, by, to, &gone, now, new_id)?;
                self.settle(tx, ctx, &held, &events, on.reason).await
            })
            .await?;
        self.process(id).await
    }
}
