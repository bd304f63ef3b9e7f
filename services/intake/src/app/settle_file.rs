//! The scanner's verdict on a file that waited, or that was looked at again.

use motcua_context::Ctx;
use motcua_fault::Fault;
use motcua_quarantine::{Look, Verdict};

use super::App;
use crate::{
    domain::{Dossier, Paper, Scan},
    store::{
        dossiers::{self, Changed},
        offers, papers,
    },
};

impl App {
    /// Notes the verdict in every paper that shares the file; who filed one that is unfit
    /// is told which and why.
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
                let sharing = papers::of_file(tx.db(), &self.keyring, file).await?;
                let offered = offers::set_scan(tx, file, scan).await?;
                if sharing.is_empty() && offered {
                    return Ok(());
                }
                if sharing.is_empty() {
                    // It was refused when it came, or taken out since.
                    let free = (scan == Scan::Clean).then_some(file);
                    return self.let_go(tx, ctx, free).await;
                }
                let mut of_dossiers = Vec::new();
                for papers in sharing.chunk_by(|one, next| one.dossier == next.dossier) {
                    let dossier = dossiers::lock(tx, papers[0].dossier).await?.dossier;
                    of_dossiers.push((dossier, papers));
                }
                papers::set_scan(tx, file, scan).await?;
                for (mut dossier, papers) in of_dossiers {
                    for paper in papers {
                        let title = self.title(ctx, &dossier, paper).await;
                        dossier.paper_examined(paper, scan, &title, ctx.now());
                    }
                    if dossier.version > dossier.stored_version() {
                        self.keep(tx, &mut dossier, Changed::default()).await?;
                    }
                }
                Ok(())
            })
            .await?;
        Ok(())
    }

    /// What people call the paper; its code while the catalog does not say.
    async fn title(&self, ctx: &Ctx, dossier: &Dossier, paper: &Paper) -> String {
        let filing = &dossier.filing;
        let named = async {
            let published = self.catalog.version(ctx, filing.version).await?;
            let case = published.procedure.case(&filing.case)?;
            Ok::<_, Fault>(case.paper(&paper.code)?.name.clone())
        };
        named.await.unwrap_or_else(|_| paper.code.clone())
    }
}
