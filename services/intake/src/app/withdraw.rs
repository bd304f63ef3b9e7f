//! Rút hồ sơ: before acceptance it ends here; during processing the agency is asked.

use motcua_context::Ctx;
use motcua_fault::Fault;
use motcua_ids::DossierId;

use super::{App, View, authority};
use crate::{
    domain::Hand,
    store::dossiers::{self, Changed},
};

impl App {
    /// Withdraws, or asks to.
    pub(crate) async fn withdraw(
        &self,
        ctx: &Ctx,
        id: DossierId,
        reason: String,
        method: &str,
    ) -> Result<View, Fault> {
        self.store
            .write(ctx, id.uuid(), async |tx| {
                let mut dossier = dossiers::lock(tx, id).await?.dossier;
                let by = authority::filer_or_desk(ctx, &dossier)?;
                dossier.withdraw(&Hand { by, at: ctx.now(), why: reason })?;
                self.keep(tx, &mut dossier, Changed::default()).await
            })
            .await?;
        self.answer(ctx, id.uuid(), method).await
    }
}
