use std::collections::BTreeSet;

use motcua_context::{Ctx, Role};
use motcua_fault::Fault;
use motcua_ids::{AgencyId, MessageId};
use motcua_rpc::Page;

use super::App;
use crate::{domain::Message, store::SpoolFilter};

impl App {
    /// A page of what went out, for the agencies the officer's roles reach, and
    /// whether there is more. The reading is recorded before it is answered.
    pub(crate) async fn spool(
        &self,
        ctx: &Ctx,
        page: Page<MessageId>,
        filter: SpoolFilter,
    ) -> Result<(Vec<Message>, bool), Fault> {
        let officer = ctx.officer()?;
        let reach: BTreeSet<AgencyId> =
            officer.agencies(Role::Administrator).chain(officer.agencies(Role::Auditor)).collect();
        let (messages, more) =
            self.messages.spool(self.store.reader(), &reach, page, filter).await?;
        let accounts: BTreeSet<_> = messages.iter().filter_map(|m| m.origin.account).collect();
        let dossiers: BTreeSet<_> = messages.iter().filter_map(|m| m.origin.dossier).collect();
        let (accounts, dossiers): (Vec<_>, Vec<_>) =
            (accounts.into_iter().collect(), dossiers.into_iter().collect());
        let method = "/motcua.notification.v1.NotificationService/ListSpool";
        self.store.record_reading(ctx, method, &accounts, &dossiers, "inspect_messages").await?;
        Ok((messages, more))
    }
}
