use std::time::Duration;

use chrono::TimeDelta;
use motcua_context::{Cause, Ctx};
use motcua_fault::Fault;
use motcua_ids::FileId;

use super::{App, FILE};

/// Examining and storing a draft once its bytes are there.
const AFTER_THE_UPLOAD: TimeDelta = TimeDelta::minutes(5);

impl App {
    /// Remembers, before a file is written, to look whether it was kept: what
    /// crashes between the two leaves nothing behind.
    pub(super) async fn expect_file(
        &self,
        ctx: &Ctx,
        file: FileId,
        upload: Duration,
    ) -> Result<(), Fault> {
        let upload = TimeDelta::from_std(upload).map_err(Fault::internal)?;
        let look = ctx.now() + upload + AFTER_THE_UPLOAD;
        let ctx = ctx.clone().with_cause(Cause::Command { id: file.uuid() });
        self.store
            .write(&ctx, file.uuid(), async |tx| tx.schedule(FILE, file.uuid(), look).await)
            .await?;
        Ok(())
    }

    /// Deletes a file no result names, unless it is held back for a while.
    pub(crate) async fn unused_file(&self, file: FileId) -> Result<(), Fault> {
        let needed = self.results.uses(self.store.reader(), file).await?;
        if needed || self.quarantine.holds(file).await? {
            return Ok(());
        }
        self.files.delete(file).await
    }
}
