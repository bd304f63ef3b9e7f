//! Who may do what with this order. The contract's rule has admitted the caller to the method;
//! here the object is asked about. Whoever may not know of it is told that there is none.

use motcua_context::{Actor, Ctx, Officer, Role};
use motcua_fault::Fault;
use motcua_ids::{AccountId, AgencyId, AgencyPath};

use super::App;
use crate::domain::{Order, Refusal};

/// As whom somebody looks at an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Viewer {
    /// The one who filed the dossier.
    Payer,
    /// An officer who has to do with it.
    Officer,
}

const OVERSEEING: [Role; 3] = [Role::Leader, Role::Accountant, Role::Auditor];

/// The one who filed the dossier, from their account.
pub(super) fn payer(ctx: &Ctx, order: &Order) -> Result<AccountId, Fault> {
    let account = ctx.person()?.account;
    if order.facts.payer == Some(account) { Ok(account) } else { Err(unknown()) }
}

/// The officer of the desk that collects.
pub(super) fn desk(ctx: &Ctx, order: &Order) -> Result<AccountId, Fault> {
    officer_with(ctx, order, &[Role::DeskOfficer])
}

/// An officer who holds one of `roles` where the money is collected.
pub(super) fn officer_with(ctx: &Ctx, order: &Order, roles: &[Role]) -> Result<AccountId, Fault> {
    let officer = ctx.officer()?;
    if officer.may_any(roles, &order.facts.collecting) {
        return Ok(officer.account);
    }
    if sees(officer, order) {
        return Err(Fault::denied(
            "NOT_YOUR_DESK",
            "Chỉ cán bộ có thẩm quyền của cơ quan thu mới thực hiện được việc này.",
        ));
    }
    Err(unknown())
}

pub(super) fn sees(officer: &Officer, order: &Order) -> bool {
    let facts = &order.facts;
    officer.may(Role::DeskOfficer, &facts.collecting)
        || officer.may_any(&OVERSEEING, &facts.collecting)
        || officer.may_any(&OVERSEEING, &facts.competent)
        || officer.may(Role::Specialist, &facts.competent)
}

impl App {
    /// As whom the caller may read this order.
    pub(super) async fn viewer(&self, ctx: &Ctx, order: &Order) -> Result<Viewer, Fault> {
        let Actor::Officer(officer) = ctx.actor().principal() else {
            return payer(ctx, order).map(|_| Viewer::Payer);
        };
        let competent = order.facts.competent.agency();
        if sees(officer, order) || self.in_unit_of(ctx, officer, competent).await? {
            return Ok(Viewer::Officer);
        }
        Err(unknown())
    }

    /// Who says how much is owed: the desk that collects, or a specialist of the agency that decides.
    pub(super) async fn assessor(&self, ctx: &Ctx, order: &Order) -> Result<AccountId, Fault> {
        let officer = ctx.officer()?;
        let competent = &order.facts.competent;
        if officer.may(Role::Specialist, competent)
            || self.in_unit_of(ctx, officer, competent.agency()).await?
        {
            return Ok(officer.account);
        }
        desk(ctx, order)
    }

    /// An agency whose books the caller may see: there, or above it.
    pub(super) async fn may_see_books_of(
        &self,
        ctx: &Ctx,
        agency: AgencyId,
    ) -> Result<AgencyPath, Fault> {
        let officer = ctx.officer()?;
        let path = self.catalog.agency(ctx, agency).await?.path;
        if officer.may_any(&OVERSEEING, &path) {
            return Ok(path);
        }
        Err(Fault::denied("NOT_YOUR_AGENCY", "Tài khoản không xem được sổ sách của cơ quan này."))
    }

    /// What holds everywhere is the whole province's officers' to say and see.
    pub(super) async fn of_the_whole_province(
        &self,
        ctx: &Ctx,
        officer: &Officer,
        roles: &[Role],
    ) -> Result<(), Fault> {
        for agency in roles.iter().flat_map(|role| officer.agencies(*role)) {
            if self.catalog.agency(ctx, agency).await?.path.agencies().len() == 1 {
                return Ok(());
            }
        }
        Err(Fault::denied("NOT_YOUR_AGENCY", "Việc này do cán bộ cấp tỉnh thực hiện."))
    }

    /// A specialist's role is held in a unit inside an agency.
    async fn in_unit_of(
        &self,
        ctx: &Ctx,
        officer: &Officer,
        agency: AgencyId,
    ) -> Result<bool, Fault> {
        for unit in officer.agencies(Role::Specialist) {
            if self.catalog.agency(ctx, unit).await?.path.contains(agency) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

fn unknown() -> Fault {
    Refusal::OrderUnknown.into()
}
