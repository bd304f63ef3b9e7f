//! A draft that was forgotten is thrown away.

use motcua_context::Ctx;
use motcua_fault::{Fault, Kind};
use motcua_ids::DossierId;

use super::App;
use crate::{domain::State, store::dossiers};

impl App {
    /// Removes the draft, if it still is one.
    pub(crate) async fn expire_draft(&self, ctx: &Ctx, id: DossierId) -> Result<(), Fault> {
        self.store
            .write(ctx, id.uuid(), async |tx| match dossiers::lock(tx, id).await {
                Ok(loaded) if loaded.dossier.state == State::Draft => {
                    self.throw_away(tx, ctx, loaded.dossier).await
                }
                Ok(_) => Ok(()),
                Err(fault) if fault.kind() == Kind::NotFound => Ok(()),
                Err(fault) => Err(fault),
            })
            .await?;
        Ok(())
    }
}
