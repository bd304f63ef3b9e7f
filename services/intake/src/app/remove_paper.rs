//! A paper is taken out before it was filed.

use motcua_context::Ctx;
use motcua_fault::Fault;
use motcua_ids::PaperId;
use motcua_store::Once;

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
                let file = paper.content.map(|content| content.file);
                match file {
                    Some(file) if !papers::uses(tx.db(), file).await? => Ok(Some(file)),
                    _ => Ok(None),
                }
            })
            .await?;
        let dossier = match written {
            Once::Done(orphan) => {
                self.delete_files(orphan.into_iter().collect()).await?;
                subject
            }
            Once::Already(first) => first,
        };
        self.answer(ctx, dossier, method).await
    }
}
