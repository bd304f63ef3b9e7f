//! Every act of a dossier's life.

use motcua_context::Ctx;
use motcua_fault::Fault;
use motcua_ids::DossierId;

use super::{App, Viewer};
use crate::{
    domain::Act,
    store::{acts, dossiers},
};

impl App {
    /// Acts after a version, oldest first, one more than `size` where there are
    /// more; and as whom the caller looks.
    pub(crate) async fn timeline(
        &self,
        ctx: &Ctx,
        id: DossierId,
        after: Option<i64>,
        size: u64,
        method: &str,
    ) -> Result<(Viewer, Vec<Act>), Fault> {
        let db = self.store.reader();
        let dossier = dossiers::find(db, id).await?.dossier;
        let viewer = self.viewer(ctx, &dossier).await?;
        self.record(ctx, &dossier, viewer, method).await?;
        Ok((viewer, acts::page(db, &self.keyring, id, after, size).await?))
    }
}
