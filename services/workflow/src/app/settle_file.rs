use chrono::TimeDelta;
use motcua_context::Ctx;
use motcua_fault::Fault;
use motcua_quarantine::{Look, Scan, Verdict};

use super::{App, FILE};

impl App {
    /// Notes the scanner's verdict on a draft that waited, or that was looked at again.
    /// The officers see it at the process; nothing is approved meanwhile.
    pub(crate) async fn settle_file(
        &self,
        ctx: &Ctx,
        look: Look,
        verdict: Verdict,
    ) -> Result<(), Fault> {
        let (file, scan) = (look.file, Scan::of(&verdict));
        self.store
            .write(ctx, file.uuid(), async |tx| {
                if !self.quarantine.settle(tx, &look, &verdict, ctx.now()).await? {
                    return Ok(());
                }
                let named = self.results.set_scan(tx, file, scan).await?;
                if !named && scan == Scan::Clean {
                    // It was refused when it came.
                    tx.schedule(FILE, file.uuid(), ctx.now() + TimeDelta::seconds(1)).await?;
                }
                Ok(())
            })
            .await?;
        Ok(())
    }
}
