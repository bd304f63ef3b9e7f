//! A timer that an earlier release set for a paper it could not examine.

use motcua_context::Ctx;
use motcua_fault::{Fault, Kind};
use motcua_ids::PaperId;
use motcua_quarantine::Verdict;

use super::App;
use crate::{domain::Scan, store::papers};

impl App {
    /// Leaves the paper's file to the sweep.
    pub(crate) async fn scan_paper(&self, ctx: &Ctx, id: PaperId) -> Result<(), Fault> {
        let paper = match papers::find(self.store.reader(), &self.keyring, id).await {
            Ok(paper) => paper,
            Err(fault) if fault.kind() == Kind::NotFound => return Ok(()),
            Err(fault) => return Err(fault),
        };
        let Some(content) = paper.content.filter(|it| it.scan == Scan::Unscanned) else {
            return Ok(());
        };
        let (subject, verdict) = (paper.dossier.uuid(), Verdict::Unscanned);
        self.store
            .write(ctx, id.uuid(), async |tx| {
                self.quarantine.keep(tx, content.file, subject, &verdict, ctx.now()).await
            })
            .await?;
        Ok(())
    }
}
