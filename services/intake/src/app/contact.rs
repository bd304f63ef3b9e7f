//! Whom to tell about a dossier.

use motcua_context::Ctx;
use motcua_fault::Fault;
use motcua_ids::DossierId;

use super::App;
use crate::{domain::Party, store::dossiers};

impl App {
    /// The one who filed; a service's reading is recorded too.
    pub(crate) async fn contact(
        &self,
        ctx: &Ctx,
        id: DossierId,
        method: &str,
    ) -> Result<Party, Fault> {
        let loaded = dossiers::find(self.store.reader(), id).await?;
        let account = loaded.dossier.filing.account;
        let subjects: Vec<_> = account.into_iter().collect();
        let purpose =
            if ctx.actor().is_service("payment") { "issue_receipt" } else { "deliver_message" };
        self.store.record_reading(ctx, method, &subjects, &[id], purpose).await?;
        let mut party = loaded.persons(&self.keyring)?.filer().clone();
        party.account = account;
        Ok(party)
    }
}
