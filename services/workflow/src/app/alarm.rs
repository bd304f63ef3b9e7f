use motcua_context::Ctx;
use motcua_fault::Fault;
use motcua_ids::{ProcessId, Uuid};

use super::App;
use crate::domain::{Event, Process};

impl App {
    /// The timer before the promised time.
    pub(crate) async fn warn(&self, ctx: &Ctx, id: Uuid) -> Result<(), Fault> {
        self.ring(ctx, id, |process| process.warn(ctx.now())).await
    }

    /// The timer at the promised time.
    pub(crate) async fn mark_overdue(&self, ctx: &Ctx, id: Uuid) -> Result<(), Fault> {
        self.ring(ctx, id, |process| process.mark_overdue(ctx.now())).await
    }

    async fn ring(
        &self,
        ctx: &Ctx,
        id: Uuid,
        decide: impl FnOnce(&mut Process) -> Vec<Event>,
    ) -> Result<(), Fault> {
        self.store
            .write(ctx, id, async |tx| {
                let mut held = self.processes.lock(tx, ProcessId::new(id)).await?;
                let events = decide(&mut held.process);
                self.settle(tx, ctx, &held, &events, None).await
            })
            .await?;
        Ok(())
    }
}
