//! Đóng hồ sơ: by the desk, or by itself after a while.

use motcua_context::Ctx;
use motcua_fault::Fault;
use motcua_ids::DossierId;

use super::{App, View, authority};
use crate::{
    domain::{By, Hand, State},
    store::dossiers::{self, Changed},
};

impl App {
    /// Closes a returned dossier.
    pub(crate) async fn close(
        &self,
        ctx: &Ctx,
        id: DossierId,
        method: &str,
    ) -> Result<View, Fault> {
        self.store
            .write(ctx, id.uuid(), async |tx| {
                let mut dossier = dossiers::lock(tx, id).await?.dossier;
                let officer = authority::desk(ctx, &dossier)?;
                let hand = Hand { by: By::Desk(officer), at: ctx.now(), why: String::new() };
                dossier.close(&hand)?;
                self.keep(tx, &mut dossier, Changed::default()).await
            })
            .await?;
        self.answer(ctx, id.uuid(), method).await
    }

    /// Closes it because its time has come, unless somebody was faster.
    pub(crate) async fn close_by_timer(&self, ctx: &Ctx, id: DossierId) -> Result<(), Fault> {
        self.store
            .write(ctx, id.uuid(), async |tx| {
                let mut dossier = dossiers::lock(tx, id).await?.dossier;
                if dossier.state != State::Returned {
                    return Ok(());
                }
                dossier.close(&Hand { by: By::Timer, at: ctx.now(), why: String::new() })?;
                self.keep(tx, &mut dossier, Changed::default()).await
            })
            .await?;
        Ok(())
    }
}
