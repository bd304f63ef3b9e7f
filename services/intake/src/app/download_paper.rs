//! A paper's content is read by whoever may read the dossier.

use bytes::Bytes;
use futures::stream::BoxStream;
use motcua_context::Ctx;
use motcua_fault::Fault;
use motcua_ids::PaperId;

use super::App;
use crate::{
    domain::Paper,
    store::{dossiers, papers},
};

/// A paper and its bytes.
pub(crate) type Download = (Paper, BoxStream<'static, Result<Bytes, Fault>>);

impl App {
    /// The paper, and its bytes as they are opened; an officer's reading is recorded.
    pub(crate) async fn download_paper(
        &self,
        ctx: &Ctx,
        id: PaperId,
        method: &str,
    ) -> Result<Download, Fault> {
        let db = self.store.reader();
        let paper = papers::find(db, &self.keyring, id).await?;
        let dossier = dossiers::find(db, paper.dossier).await?.dossier;
        let viewer = self.viewer(ctx, &dossier).await.map_err(as_paper)?;
        let file = paper.servable(self.serves_unscanned())?.file;
        self.record(ctx, &dossier, viewer, method).await?;
        let bytes = self.files.open(file).await?;
        Ok((paper, bytes))
    }

    /// How long a download may take.
    pub(crate) fn transfer_time(&self, asked: Option<std::time::Duration>) -> std::time::Duration {
        self.config.transfer_time(asked)
    }
}

/// Whoever may not know of the dossier may not know of its papers either.
fn as_paper(fault: Fault) -> Fault {
    if fault.kind() == motcua_fault::Kind::NotFound { Fault::not_found("paper") } else { fault }
}
