//! Whom to tell about a dossier.

use std::collections::BTreeSet;

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
        let mut parties = self.contacts(ctx, &[id], method).await?;
        parties.pop().ok_or_else(dossiers::unknown)
    }

    /// The same of several, each asked for once, in one reading.
    pub(crate) async fn contacts(
        &self,
        ctx: &Ctx,
        ids: &[DossierId],
        method: &str,
    ) -> Result<Vec<Party>, Fault> {
        let all = dossiers::find_all(self.store.reader(), ids).await?;
        let account = |loaded: &dossiers::Loaded| loaded.dossier.filing.account;
        let subjects: BTreeSet<_> = all.iter().filter_map(account).collect();
        let subjects: Vec<_> = subjects.into_iter().collect();
        let purpose =
            if ctx.actor().is_service("payment") { "issue_receipt" } else { "deliver_message" };
        self.store.record_reading(ctx, method, &subjects, ids, purpose).await?;
        let party = |loaded: &dossiers::Loaded| {
            let mut party = loaded.persons(&self.keyring)?.filer().clone();
            party.account = account(loaded);
            Ok(party)
        };
        all.iter().map(party).collect()
    }
}
