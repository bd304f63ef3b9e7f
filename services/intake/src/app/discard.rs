//! A draft is thrown away; nothing of it stays.

use motcua_context::Ctx;
use motcua_fault::Fault;
use motcua_ids::DossierId;
use motcua_store::Tx;

use super::{App, authority, timer};
use crate::{
    domain::Dossier,
    store::{dossiers, papers},
};

impl App {
    /// Removes a draft with its papers.
    pub(crate) async fn discard(&self, ctx: &Ctx, id: DossierId) -> Result<(), Fault> {
        self.store
            .write(ctx, id.uuid(), async |tx| {
                let dossier = dossiers::lock(tx, id).await?.dossier;
                authority::filer_or_desk(ctx, &dossier)?;
                self.throw_away(tx, ctx, dossier).await
            })
            .await?;
        Ok(())
    }

    /// Removes a draft's rows, and lets its files go.
    pub(super) async fn throw_away(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        mut dossier: Dossier,
    ) -> Result<(), Fault> {
        dossier.discard()?;
        let given = papers::of_dossier(tx.db(), &self.keyring, dossier.id).await?;
        dossiers::remove(tx, dossier.id).await?;
        tx.unschedule(timer::DRAFT, dossier.id.uuid()).await?;
        let files = given.into_iter().filter_map(|paper| paper.content).map(|c| c.file);
        self.let_go(tx, ctx, files).await
    }
}
