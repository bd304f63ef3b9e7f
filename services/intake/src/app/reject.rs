//! Từ chối tiếp nhận, with the reason.

use motcua_context::Ctx;
use motcua_fault::Fault;
use motcua_ids::DossierId;

use super::{App, View};
use crate::domain::Dossier;

impl App {
    /// Rejects what was filed.
    pub(crate) async fn reject(
        &self,
        ctx: &Ctx,
        id: DossierId,
        reason: String,
        method: &str,
    ) -> Result<View, Fault> {
        self.desk_act(ctx, id, reason, method, Dossier::reject).await
    }
}
