//! The desk tells the specialist that the citizen need not be asked.

use motcua_context::Ctx;
use motcua_fault::Fault;
use motcua_ids::DossierId;

use super::{App, View};
use crate::domain::Dossier;

impl App {
    /// Declines the specialist's ask.
    pub(crate) async fn decline_supplement(
        &self,
        ctx: &Ctx,
        id: DossierId,
        reason: String,
        method: &str,
    ) -> Result<View, Fault> {
        self.desk_act(ctx, id, reason, method, Dossier::decline_supplement).await
    }
}
