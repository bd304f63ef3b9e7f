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
    /// Rejects what was filed.
    pub(crate) async fn reject(
        &self,
        ctx: &Ctx,
        id: DossierId,
        reason: String,
        method: &str,
    ) -> Result<View, Fault> {
        self.store
            .write(ctx, id.uuid(), async |tx| {
                let mut dossier = dossiers::lock(tx, id).await?.dossier;
                let officer = authority::desk(ctx, &dossier)?;
                let hand = Hand { by: By::Desk(officer), at: ctx.now(), why: reason };
                dossier.reject(&hand)?;
                self.keep(tx, &mut dossier, Changed::default()).await
            })
            .await?;
        self.answer(ctx, id.uuid(), method).await
    }
}
