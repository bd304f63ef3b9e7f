use motcua_context::{Ctx, Timestamp};
use motcua_fault::Fault;
use motcua_ids::{AccountId, AgencyId, Uuid};

use super::{App, change_password::at, reach::READERS};
use crate::{
    domain::{Account, Identifier, Kind, Malformed, Refusal},
    store::Filter,
};

/// Which accounts are asked for.
#[derive(Debug, Clone, Default)]
pub(crate) struct ListAccounts {
    pub(crate) agency: Option<AgencyId>,
    pub(crate) kind: Option<Kind>,
    pub(crate) disabled: Option<bool>,
    pub(crate) login: Option<String>,
    pub(crate) after: Option<(Timestamp, Uuid)>,
}

impl App {
    /// One account in full; the reading of another's is recorded first.
    pub(crate) async fn get_account(
        &self,
        ctx: &Ctx,
        id: AccountId,
        method: &str,
    ) -> Result<Account, Fault> {
        if !Self::is_own(ctx, id) {
            // Whoever may see nobody learns nothing about which accounts there are.
            ctx.officer().map_err(|_| Refusal::AccountNotFound)?;
        }
        let account = self.accounts.get(self.store.reader(), id).await?;
        if !Self::is_own(ctx, id) {
            self.require_reach(ctx, &account, READERS).await?;
            self.store.record_reading(ctx, method, &[id], &[], "manage_account").await?;
        }
        Ok(account)
    }

    /// A page of accounts: of an agency within reach, or of all to who reads for the province.
    pub(crate) async fn list_accounts(
        &self,
        ctx: &Ctx,
        asked: ListAccounts,
        size: u64,
    ) -> Result<Vec<Account>, Fault> {
        match asked.agency {
            Some(agency) => self.require_agency(ctx, agency, READERS).await?,
            None => match self.require_province(ctx, READERS).await {
                Err(fault) if fault.reason() == "OUT_OF_REACH" => {
                    return Err(at("agency", Malformed::FilterMissing));
                }
                other => other?,
            },
        }
        let filter = Filter {
            agency: asked.agency,
            kind: asked.kind,
            disabled: asked.disabled,
            identifiers: asked.login.as_deref().map(Identifier::any),
            after: asked.after,
        };
        self.accounts.page(self.store.reader(), &filter, size).await
    }

    /// How to reach an account's holder, for the services that write to them.
    pub(crate) async fn get_contact(
        &self,
        ctx: &Ctx,
        id: AccountId,
        method: &str,
        purpose: &str,
    ) -> Result<Account, Fault> {
        let account = self.accounts.get(self.store.reader(), id).await?;
        self.store.record_reading(ctx, method, &[id], &[], purpose).await?;
        Ok(account)
    }
}
