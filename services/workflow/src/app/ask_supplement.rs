use motcua_context::Ctx;
use motcua_fault::Fault;
use motcua_ids::SupplementId;

use super::{App, OnTask, permit};
use crate::domain::{Ask, AskState, AskWords};

/// A specialist needs more from the citizen.
#[derive(Debug, Clone)]
pub(crate) struct AskSupplement {
    /// The task.
    pub(crate) on: OnTask,
    /// Why, and what.
    pub(crate) words: AskWords,
}

impl App {
    /// The holder of a step asks the desk for a supplement.
    pub(crate) async fn ask_supplement(
        &self,
        ctx: &Ctx,
        asking: AskSupplement,
    ) -> Result<(Ask, String), Fault> {
        let AskSupplement { on, words } = asking;
        let officer = ctx.officer()?;
        let process = self.processes.of_task(self.store.reader(), on.task).await?;
        let id: SupplementId = ctx.new_id();
        self.store
            .write(ctx, id.uuid(), async |tx| {
                let mut held = self.processes.lock(tx, process).await?;
                permit::works(officer, held.process.task(on.task)?)?;
                held.expect(on.etag)?;
                let events = held.process.ask_supplement(on.task, officer.account, id)?;
                let (by, at) = (officer.account, ctx.now());
                let reason = Some(words.reasons.clone());
                let state = AskState::Pending;
                let ask = Ask { id, process, task: on.task, words, by, at, state };
                self.asks.insert(tx, &ask).await?;
                self.settle(tx, ctx, &held, &events, reason).await?;
                Ok((ask, held.process.filing.code.clone()))
            })
            .await?
            .or_reload(async |id| {
                let ask = self.asks.get(self.store.reader(), SupplementId::new(id)).await?;
                let process = self.processes.get(self.store.reader(), ask.process).await?;
                Ok((ask, process.filing.code))
            })
            .await
    }
}
