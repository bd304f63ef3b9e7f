//! Who may do what with this dossier. The contract's rule has admitted the
//! caller to the method; here the object is asked about.

use motcua_context::{Actor, Ctx, Officer, Role, System};
use motcua_fault::{Fault, Kind};
use motcua_ids::{AccountId, AgencyId};

use super::App;
use crate::{
    domain::{By, Dossier, State},
    store::dossiers::unknown,
};

/// As whom somebody looks at a dossier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Viewer {
    /// The one who filed it.
    Filer,
    /// An officer, or another system, who has to do with it.
    Officer,
}

/// The officer of the receiving desk. Whoever may not know of the dossier is
/// told that there is none.
pub(super) fn desk(ctx: &Ctx, dossier: &Dossier) -> Result<AccountId, Fault> {
    let officer = ctx.officer()?;
    let draft = dossier.state == State::Draft;
    // An online draft is its writer's own affair.
    if draft && dossier.filing.is_online() {
        return Err(unknown());
    }
    if is_desk(officer, dossier) {
        return Ok(officer.account);
    }
    if !draft && sees(officer, dossier) {
        return Err(Fault::denied(
            "NOT_YOUR_DESK",
            "Chỉ cán bộ một cửa của cơ quan tiếp nhận mới thực hiện được việc này.",
        ));
    }
    Err(unknown())
}

/// The one who filed, or the desk for them.
pub(super) fn filer_or_desk(ctx: &Ctx, dossier: &Dossier) -> Result<By, Fault> {
    match ctx.actor().principal() {
        Actor::Officer(_) => desk(ctx, dossier).map(By::Desk),
        _ => filer(ctx, dossier).map(By::Filer),
    }
}

/// The one who filed, from their account.
pub(super) fn filer(ctx: &Ctx, dossier: &Dossier) -> Result<AccountId, Fault> {
    let person = ctx.person()?;
    if dossier.filing.account == Some(person.account) { Ok(person.account) } else { Err(unknown()) }
}

/// The one who filed, as our own service heard them by Zalo: it has bound the sender to the telephone
/// that was told of this dossier, and nobody else may say so.
pub(super) fn by_zalo(ctx: &Ctx, dossier: &Dossier) -> Result<(), Fault> {
    let known = ctx.actor().is_service("notification") && dossier.state != State::Draft;
    if known { Ok(()) } else { Err(unknown()) }
}

impl App {
    /// As whom the caller may read this dossier.
    pub(super) async fn viewer(&self, ctx: &Ctx, dossier: &Dossier) -> Result<Viewer, Fault> {
        let officer = match ctx.actor().principal() {
            Actor::Officer(officer) => officer,
            Actor::System(system) if !system.service => {
                return if works_with(system, dossier) {
                    Ok(Viewer::Officer)
                } else {
                    Err(unknown())
                };
            }
            _ => return filer(ctx, dossier).map(|_| Viewer::Filer),
        };
        if dossier.state == State::Draft {
            let own = !dossier.filing.is_online() && is_desk(officer, dossier);
            return if own { Ok(Viewer::Officer) } else { Err(unknown()) };
        }
        let competent = dossier.filing.competent.agency();
        if sees(officer, dossier)
            || self.in_unit_of(ctx, officer, competent).await?
            || self.takes_part(ctx, officer, dossier).await?
        {
            return Ok(Viewer::Officer);
        }
        Err(unknown())
    }

    /// A specialist's or a head's role is held in a unit inside an agency.
    pub(super) async fn in_unit_of(
        &self,
        ctx: &Ctx,
        officer: &Officer,
        agency: AgencyId,
    ) -> Result<bool, Fault> {
        for role in [Role::Specialist, Role::HeadOfUnit] {
            for unit in officer.agencies(role) {
                if self.catalog.agency(ctx, unit).await?.is_unit_of(agency) {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    /// Once it is accepted, officers of an agency its process goes through, or
    /// asks, have to do with it too.
    async fn takes_part(
        &self,
        ctx: &Ctx,
        officer: &Officer,
        dossier: &Dossier,
    ) -> Result<bool, Fault> {
        const WORKING: [Role; 3] = [Role::Specialist, Role::HeadOfUnit, Role::Leader];
        if dossier.acceptance.is_none() || !WORKING.iter().any(|role| officer.holds(*role)) {
            return Ok(false);
        }
        let published = self.catalog.version(ctx, dossier.filing.version).await?;
        for code in &published.procedure.takes_part {
            let agency = match self.catalog.agency_by_code(ctx, code).await {
                Ok(agency) => agency,
                Err(fault) if fault.kind() == Kind::NotFound => continue,
                Err(fault) => return Err(fault),
            };
            if officer.may_any(&WORKING, &agency.path)
                || self.in_unit_of(ctx, officer, agency.path.agency()).await?
            {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// Whether another system's agency, or one below it, receives or decides it.
fn works_with(system: &System, dossier: &Dossier) -> bool {
    let filing = &dossier.filing;
    dossier.state != State::Draft
        && (system.reaches(&filing.receiving) || system.reaches(&filing.competent))
}

fn is_desk(officer: &Officer, dossier: &Dossier) -> bool {
    officer.may(Role::DeskOfficer, &dossier.filing.receiving)
}

fn sees(officer: &Officer, dossier: &Dossier) -> bool {
    const ABOVE: [Role; 2] = [Role::Leader, Role::Auditor];
    const DECIDING: [Role; 4] =
        [Role::DeskOfficer, Role::Specialist, Role::HeadOfUnit, Role::Leader];
    is_desk(officer, dossier)
        || officer.may_any(&ABOVE, &dossier.filing.receiving)
        || officer.may_any(&ABOVE, &dossier.filing.competent)
        || officer.may_any(&DECIDING, &dossier.filing.competent)
}
