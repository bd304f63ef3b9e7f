use motcua_context::{Ctx, Role};
use motcua_fault::Fault;
use motcua_ids::{AccountId, AgencyId};

use super::{App, reach::MANAGERS};
use crate::{
    domain::{Account, Credential, Holder, Officer, Password, Refusal},
    events,
};

/// An officer's account to be opened.
#[derive(Debug, Clone)]
pub(crate) struct NewOfficer {
    /// Without roles.
    pub(crate) officer: Officer,
    /// The first roles.
    pub(crate) grants: Vec<(Role, AgencyId)>,
    /// To be replaced by the officer.
    pub(crate) password: Password,
}

impl App {
    /// Opens an officer's account with its first roles.
    pub(crate) async fn create_officer(
        &self,
        ctx: &Ctx,
        new: NewOfficer,
    ) -> Result<Account, Fault> {
        let NewOfficer { officer, grants, password } = new;
        let mut agencies: Vec<AgencyId> = grants.iter().map(|(_, agency)| *agency).collect();
        agencies.push(officer.agency);
        agencies.sort();
        agencies.dedup();
        for agency in agencies {
            self.require_agency(ctx, agency, MANAGERS).await?;
        }
        let hash = self.hasher.hash(password.secret()).await?;
        let by = ctx.officer()?.account;
        self.open_officer(ctx, officer, &grants, Credential::temporary(hash), Some(by)).await
    }

    /// Keeps a new officer with the first roles, and says both.
    pub(super) async fn open_officer(
        &self,
        ctx: &Ctx,
        mut officer: Officer,
        grants: &[(Role, AgencyId)],
        credential: Credential,
        by: Option<AccountId>,
    ) -> Result<Account, Fault> {
        let first_of = by.is_none().then_some(officer.agency);
        for (role, agency) in grants {
            let granted =
                crate::domain::Granted { role: *role, agency: *agency, at: ctx.now(), by };
            officer.grant(granted)?;
        }
        let id: AccountId = ctx.new_id();
        let (account, event) = Account::open(id, Holder::Officer(officer), credential, ctx.now());
        self.store
            .write(ctx, id.uuid(), async |tx| {
                if first_of.is_some() && !self.is_last_administrator(tx, id, first_of).await? {
                    return Err(Refusal::AdministratorExists.into());
                }
                self.accounts.insert(tx, &account).await?;
                events::publish(tx, event);
                if let Some(event) = account.roles_held() {
                    events::publish(tx, event);
                }
                Ok(account)
            })
            .await?
            .or_reload(async |id| self.reload(id.into()).await)
            .await
    }
}
