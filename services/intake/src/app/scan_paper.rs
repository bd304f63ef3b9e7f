//! A file that could not be examined is examined again.

use motcua_context::Ctx;
use motcua_fault::{Fault, Kind};
use motcua_ids::PaperId;

use super::App;
use crate::store::papers;

impl App {
    /// Examines a paper's file. The scanner's absence is answered as a transient
    /// fault, so the timer asks again, ever more slowly.
    pub(crate) async fn scan_paper(&self, ctx: &Ctx, id: PaperId) -> Result<(), Fault> {
        let paper = match papers::find(self.store.reader(), &self.keyring, id).await {
            Ok(paper) => paper,
            Err(fault) if fault.kind() == Kind::NotFound => return Ok(()),
            Err(fault) => return Err(fault),
        };
        let Some(content) = paper.content else { return Ok(()) };
        let Some(scan) = self.examine(content.file).await else {
            return Err(Fault::unavailable("scanner"));
        };
        self.store
            .write(ctx, id.uuid(), async |tx| papers::set_scan(tx, content.file, scan).await)
            .await?;
        Ok(())
    }
}
