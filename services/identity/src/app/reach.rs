//! Who manages whose account. Administrators manage the officers of the agencies they reach;
//! everybody else's account belongs to the province's root agency.

use motcua_context::{Ctx, Role};
use motcua_fault::Fault;
use motcua_ids::{AccountId, AgencyId};

use super::App;
use crate::domain::{Account, Holder, Refusal};

/// Who changes accounts.
pub(super) const MANAGERS: &[Role] = &[Role::Administrator];
/// Who sees them.
pub(super) const READERS: &[Role] = &[Role::Administrator, Role::Auditor];

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
                self.require_root(ctx, roles).await
            }
        }
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
        let path = self.catalog.path(ctx, agency).await?;
        if officer.may_any(roles, &path) { Ok(()) } else { Err(Refusal::OutOfReach.into()) }
    }

    /// Refuses an officer who holds none of `roles` in a root agency.
    pub(super) async fn require_root(&self, ctx: &Ctx, roles: &[Role]) -> Result<(), Fault> {
        let officer = ctx.officer()?;
        for agency in roles.iter().flat_map(|role| officer.agencies(*role)) {
            if self.catalog.path(ctx, agency).await?.agencies().len() == 1 {
                return Ok(());
            }
        }
        Err(Refusal::OutOfReach.into())
    }

    /// Whether the caller is the account's own holder.
    pub(super) fn is_own(ctx: &Ctx, account: AccountId) -> bool {
        ctx.actor().account() == Some(account)
    }
}
