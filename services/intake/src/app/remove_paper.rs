//! A paper is taken out before it was filed.

use motcua_context::Ctx;
use motcua_fault::Fault;
use motcua_ids::PaperId;

use super::{App, View, authority};
use crate::{
    domain::{Denial, table::Command},
    store::{
        dossiers::{self, Changed},
        papers,
    },
};

impl App {
    /// Removes a paper; the answer is the dossier without it.
    pub(crate) async fn remove_paper(
        &self,
        ctx: &Ctx,
        id: PaperId,
        method: &str,
    ) -> Result<View, Fault> {
        let known = papers::find(self.store.reader(), &self.keyring, id).await;
        let subject = known.as_ref().map_or_else(|_| id.uuid(), |paper| paper.dossier.uuid());
        let written = self
            .store
            .write(ctx, subject, async |tx| {
                let paper = known?;
                let mut dossier = dossiers::lock(tx, paper.dossier).await?.dossier;
                authority::filer_or_desk(ctx, &dossier)?;
                dossier.may(Command::Edit)?;
                // Read again behind the lock: it may have been filed meanwhile.
                let paper = papers::find(tx.db(), &self.keyring, id).await?;
                if paper.filed {
                    return Err(Denial::PaperFiled.into());
                }
                dossier.edit()?;
                papers::remove(tx, id).await?;
                self.keep(tx, &mut dossier, Changed::default()).await?;
                self.let_go(tx, ctx, paper.content.map(|content| content.file)).await?;
                Ok(subject)
            })
            .await?;
        let dossier = written.or_reload(async |first| Ok(first)).await?;
        self.answer(ctx, dossier, method).await
    }
}
