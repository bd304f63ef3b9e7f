//! Thông báo dừng giải quyết, once processing has stopped.

use motcua_context::Ctx;
use motcua_fault::Fault;
use motcua_ids::DossierId;

use super::{App, View};
use crate::domain::Dossier;

impl App {
    /// Issues the notice; the dossier ends.
    pub(crate) async fn issue_stop_notice(
        &self,
        ctx: &Ctx,
        id: DossierId,
        reason: String,
        method: &str,
    ) -> Result<View, Fault> {
        self.desk_act(ctx, id, reason, method, Dossier::issue_stop_notice).await
    }
}
