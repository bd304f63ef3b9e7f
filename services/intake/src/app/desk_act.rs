//! What the desk's plain acts share: the dossier is locked, the desk asked
//! whether it is its own, the act done with its reason, and the outcome answered.

use motcua_context::Ctx;
use motcua_fault::Fault;
use motcua_ids::DossierId;

use super::{App, View, authority};
use crate::{
    domain::{By, Dossier, Hand, Illegal},
    store::dossiers::{self, Changed},
};

impl App {
    pub(super) async fn desk_act(
        &self,
        ctx: &Ctx,
        id: DossierId,
        reason: String,
        method: &str,
        act: fn(&mut Dossier, &Hand) -> Result<(), Illegal>,
    ) -> Result<View, Fault> {
        self.store
            .write(ctx, id.uuid(), async |tx| {
                let mut dossier = dossiers::lock(tx, id).await?.dossier;
                let officer = authority::desk(ctx, &dossier)?;
                let hand = Hand { by: By::Desk(officer), at: ctx.now(), why: reason };
                act(&mut dossier, &hand)?;
                self.keep(tx, &mut dossier, Changed::default()).await
            })
            .await?;
        self.answer(ctx, id.uuid(), method).await
    }
}
