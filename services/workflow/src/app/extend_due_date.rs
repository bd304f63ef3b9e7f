use chrono::{DateTime, Utc};
use motcua_context::Ctx;
use motcua_fault::Fault;
use motcua_ids::ProcessId;

use super::{App, ProcessView, permit};

/// The agency apologises and sets a new time.
#[derive(Debug, Clone)]
pub(crate) struct ExtendDueDate {
    /// The process.
    pub(crate) process: ProcessId,
    /// The version the officer saw.
    pub(crate) etag: Option<i64>,
    /// The new promised time.
    pub(crate) new_due: DateTime<Utc>,
    /// The reason given to the citizen.
    pub(crate) reason: String,
}

impl App {
    /// Sets a new promised time, once.
    pub(crate) async fn extend_due_date(
        &self,
        ctx: &Ctx,
        extend: ExtendDueDate,
    ) -> Result<ProcessView, Fault> {
        let ExtendDueDate { process: id, etag, new_due, reason } = extend;
        let officer = ctx.officer()?;
        self.store
            .write(ctx, id.uuid(), async |tx| {
                let mut held = self.processes.lock(tx, id).await?;
                permit::sees(officer, &held.process)?;
                permit::extends(officer, &held.process)?;
                held.expect(etag)?;
                let events = held.process.extend(new_due, ctx.now())?;
                self.settle(tx, ctx, &held, &events, Some(reason)).await
            })
            .await?;
        self.process(id).await
    }
}
