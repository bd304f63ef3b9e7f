//! Từ chối tiếp nhận, with the reason.

use motcua_context::Ctx;
use motcua_fault::Fault;
use motcua_ids::DossierId;

use super::{App, View, authority};
use crate::{
    domain::{By, Hand},
    store::dossiers::{self, Changed},
};

impl App {
    /// Rejects what was filed, or brought to the desk.
    pub(crate) async fn reject(
        &self,
        ctx: &Ctx,
        id: DossierId,
        reason: String,
        method: &str,
    ) -> Result<View, Fault> {
        self.store
            .write(ctx, id.uuid(), async |tx| {
                let loaded = dossiers::lock(tx, id).await?;
                let officer = authority::desk(ctx, &loaded.dossier)?;
                self.put_on_record(tx, &loaded)?;
                let mut dossier = loaded.dossier;
                dossier.reject(&Hand { by: By::Desk(officer), at: ctx.now(), why: reason })?;
                self.keep(tx, &mut dossier, Changed::default()).await
            })
            .await?;
        self.answer(ctx, id.uuid(), method).await
    }
}
