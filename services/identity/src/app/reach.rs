//! Who manages whose account. Administrators manage the officers of the agencies they reach;
//! everybody else's account belongs to the province.

use motcua_context::{Ctx, Role};
use motcua_fault::Fault;
use motcua_ids::{AccountId, AgencyId};
use motcua_store::Tx;

use super::App;
use crate::domain::{Account, Holder, Refusal};

/// Who changes accounts.
pub(super) const MANAGERS: &[Role] = &[Role::Administrator];
/// Who sees them.
pub(super) const READERS: &[Role] = &[Role::Administrator, Role::Auditor];
/// Who sees what was read of whom.
pub(super) const AUDITORS: &[Role] = &[Role::Auditor];

impl App {
    /// Refuses an officer who holds none of `roles` where they reach the account.
    pub(super) async fn require_reach(
        &self,
        ctx: &Ctx,
        account: &Account,
        roles: &[Role],
    ) -> Result<(), Fault> {
        match account.holder() {
            Holder::Officer(officer) => self.require_agency(ctx, officer.agency, roles).await,
            Holder::Citizen(_) | Holder::Organisation(_) | Holder::System(_) => {
                self.require_province(ctx, roles).await
            }
        }
    }

    /// The same, and of an officer everywhere they have a role: whoever takes an account over, or
    /// bars it, would else have, or take, what is above them.
    pub(super) async fn require_whole_reach(
        &self,
        ctx: &Ctx,
        account: &Account,
        roles: &[Role],
    ) -> Result<(), Fault> {
        self.require_reach(ctx, account, roles).await?;
        let Holder::Officer(officer) = account.holder() else { return Ok(()) };
        for grant in officer.grants() {
            self.require_agency(ctx, grant.agency, roles).await?;
        }
        Ok(())
    }

    /// Refuses an officer who holds none of `roles` where they reach the agency.
    pub(super) async fn require_agency(
        &self,
        ctx: &Ctx,
        agency: AgencyId,
        roles: &[Role],
    ) -> Result<(), Fault> {
        let officer = ctx.officer()?;
        if !roles.iter().any(|role| officer.holds(*role)) {
            return Err(Refusal::OutOfReach.into());
        }
        let place = self.catalog.place(ctx, agency).await?;
        if officer.may_any(roles, &place.path) { Ok(()) } else { Err(Refusal::OutOfReach.into()) }
    }

    /// Refuses an officer who holds none of `roles` in the province's own agency. A ministry's
    /// branch may be a root too: who administers that is nobody to the province's citizens.
    pub(super) async fn require_province(&self, ctx: &Ctx, roles: &[Role]) -> Result<(), Fault> {
        let officer = ctx.officer()?;
        for agency in roles.iter().flat_map(|role| officer.agencies(*role)) {
            if self.catalog.place(ctx, agency).await?.is_province {
                return Ok(());
            }
        }
        Err(Refusal::OutOfReach.into())
    }

    /// The province's agency, where the account administers it.
    pub(super) async fn administered_province(
        &self,
        ctx: &Ctx,
        account: &Account,
    ) -> Result<Option<AgencyId>, Fault> {
        let Ok(officer) = account.officer() else { return Ok(None) };
        for agency in officer.agencies(Role::Administrator) {
            if self.catalog.place(ctx, agency).await?.is_province {
                return Ok(Some(agency));
            }
        }
        Ok(None)
    }

    /// Whether nobody but this account administers the province. The others' grants are held, so
    /// that two cannot take each other away at once.
    pub(super) async fn is_last_administrator(
        &self,
        tx: &Tx,
        id: AccountId,
        province: Option<AgencyId>,
    ) -> Result<bool, Fault> {
        let Some(province) = province else { return Ok(false) };
        Ok(self.accounts.other_administrators(tx, id, province).await? == 0)
    }

    /// Whether the caller is the account's own holder.
    pub(super) fn is_own(ctx: &Ctx, account: AccountId) -> bool {
        ctx.actor().account() == Some(account)
    }
}
