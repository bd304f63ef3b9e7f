//! A draft is thrown away; nothing of it stays.

use motcua_context::Ctx;
use motcua_fault::Fault;
use motcua_ids::{DossierId, FileId};
use motcua_store::{Once, Tx};

use super::{App, authority, timer};
use crate::{
    domain::Dossier,
    store::{dossiers, papers},
};

impl App {
    /// Removes a draft with its papers.
    pub(crate) async fn discard(&self, ctx: &Ctx, id: DossierId) -> Result<(), Fault> {
        let written = self
            .store
            .write(ctx, id.uuid(), async |tx| {
                let dossier = dossiers::lock(tx, id).await?.dossier;
                authority::filer_or_desk(ctx, &dossier)?;
                self.throw_away(tx, dossier).await
            })
            .await?;
        match written {
            Once::Done(files) => self.delete_files(files).await,
            Once::Already(_) => Ok(()),
        }
    }

    /// Removes a draft's rows; answers the files nobody needs any more.
    pub(super) async fn throw_away(
        &self,
        tx: &Tx,
        mut dossier: Dossier,
    ) -> Result<Vec<FileId>, Fault> {
        dossier.discard()?;
        let given = papers::of_dossier(tx.db(), &self.keyring, dossier.id).await?;
        dossiers::remove(tx, dossier.id).await?;
        tx.unschedule(timer::DRAFT, dossier.id.uuid()).await?;
        let mut orphans = Vec::new();
        for content in given.into_iter().filter_map(|paper| paper.content) {
            if !papers::uses(tx.db(), content.file).await? {
                orphans.push(content.file);
            }
        }
        Ok(orphans)
    }

    pub(super) async fn delete_files(&self, files: Vec<FileId>) -> Result<(), Fault> {
        for file in files {
            self.files.delete(file).await?;
        }
        Ok(())
    }
}
