//! A file nobody needs is deleted. A file is written before the row that names
//! it and goes after the row is gone, so a timer stands between: what crashes in
//! the middle leaves nothing behind.

use chrono::TimeDelta;
use motcua_context::{Cause, Ctx};
use motcua_fault::Fault;
use motcua_ids::FileId;
use motcua_store::Tx;

use super::{App, timer};
use crate::store::papers;

impl App {
    /// Remembers, before a file is written, to look whether it was kept.
    pub(super) async fn expect_file(&self, ctx: &Ctx, file: FileId) -> Result<(), Fault> {
        let longest = i64::from(self.config.longest_transfer_seconds);
        let look = ctx.now() + TimeDelta::seconds(2 * longest);
        let ctx = ctx.clone().with_cause(Cause::Command { id: file.uuid() });
        self.store
            .write(&ctx, file.uuid(), async |tx| tx.schedule(timer::FILE, file.uuid(), look).await)
            .await?;
        Ok(())
    }

    /// Deletes files once this write has committed, unless a paper needs them.
    pub(super) async fn let_go(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        files: impl IntoIterator<Item = FileId>,
    ) -> Result<(), Fault> {
        for file in files {
            tx.schedule(timer::FILE, file.uuid(), ctx.now()).await?;
        }
        Ok(())
    }

    /// Deletes a file no paper needs, unless it is held back for a while.
    pub(crate) async fn unused_file(&self, file: FileId) -> Result<(), Fault> {
        if papers::uses(self.store.reader(), file).await? || self.quarantine.holds(file).await? {
            return Ok(());
        }
        self.files.delete(file).await
    }
}
