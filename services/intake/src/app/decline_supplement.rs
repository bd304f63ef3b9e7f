//! The desk tells the specialist that the citizen need not be asked.

use motcua_context::Ctx;
use motcua_fault::Fault;
use motcua_ids::DossierId;

use super::{App, View, authority};
use crate::{
    domain::{By, Hand},
    store::dossiers::{self, Changed},
};

impl App {
    /// Declines the specialist's ask.
    pub(crate) async fn decline_supplement(
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
                dossier.decline_supplement(&hand)?;
                self.keep(tx, &mut dossier, Changed::default()).await
            })
            .await?;
        self.answer(ctx, id.uuid(), method).await
    }
}
