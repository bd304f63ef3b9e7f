use motcua_context::Ctx;
use motcua_fault::Fault;

use super::{App, OnTask, permit};
use crate::domain::TaskView;

impl App {
    /// The agency that was asked answers.
    pub(crate) async fn answer_consult(&self, ctx: &Ctx, on: OnTask) -> Result<TaskView, Fault> {
        let officer = ctx.officer()?;
        let id = self.processes.of_task(self.store.reader(), on.task).await?;
        self.store
            .write(ctx, id.uuid(), async |tx| {
                let mut held = self.processes.lock(tx, id).await?;
                permit::works(officer, held.process.task(on.task)?)?;
                held.expect(on.etag)?;
                let events = held.process.answer_consult(on.task, officer.account, ctx.now())?;
                self.settle(tx, ctx, &held, &events, on.reason).await
            })
            .await?;
        self.task(on.task).await
    }

    /// The officer who asked no longer needs the answer.
    pub(crate) async fn withdraw_consult(&self, ctx: &Ctx, on: OnTask) -> Result<TaskView, Fault> {
        let officer = ctx.officer()?;
        let id = self.processes.of_task(self.store.reader(), on.task).await?;
        self.store
            .write(ctx, id.uuid(), async |tx| {
                let mut held = self.processes.lock(tx, id).await?;
                permit::sees(officer, &held.process)?;
                held.expect(on.etag)?;
                let events = held.process.withdraw_consult(on.task, officer.account, ctx.now())?;
                self.settle(tx, ctx, &held, &events, on.reason).await
            })
            .await?;
        self.task(on.task).await
    }
}
