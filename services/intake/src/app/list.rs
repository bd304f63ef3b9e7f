//! Lists: a citizen's own dossiers, a desk's, an agency's.

use std::collections::BTreeSet;

use motcua_context::{Actor, Ctx, Officer, Role, System};
use motcua_fault::Fault;
use motcua_ids::{AgencyId, DossierId};

use super::{App, Viewer};
use crate::{
    domain::{AgencyKind, Filter, Summary},
    store::lists::{self, Of},
};

/// Why officers look for somebody's dossiers.
const PURPOSE: &str = "find_dossier";

/// What to list.
pub(crate) struct ListDossiers {
    /// Officers: `None` is the first agency in which they hold a role.
    pub(crate) agency: Option<AgencyId>,
    /// Those it decides instead of those it receives.
    pub(crate) competent: bool,
    pub(crate) filter: Filter,
}

/// Lines, one more than asked for where there are more, and for whose eyes.
pub(crate) struct Lines {
    pub(crate) viewer: Viewer,
    pub(crate) lines: Vec<Summary>,
}

impl App {
    /// A page of dossiers, newest first. Who is looked for by a number is read, masked or not:
    /// that it is theirs is what the list tells.
    pub(crate) async fn list(
        &self,
        ctx: &Ctx,
        asked: ListDossiers,
        after: Option<DossierId>,
        size: u64,
        method: &str,
    ) -> Result<Lines, Fault> {
        let (viewer, of) = match ctx.actor().principal() {
            Actor::Officer(officer) => {
                let of = self.agencys(ctx, officer, &asked).await?;
                (Viewer::Officer, of)
            }
            Actor::System(system) if !system.service => {
                (Viewer::Officer, self.systems(ctx, system, &asked).await?)
            }
            _ => (Viewer::Filer, Of::Account(ctx.person()?.account)),
        };
        let db = self.store.reader();
        let lines = lists::page(db, &self.keyring, &of, &asked.filter, after, size).await?;
        let sought = !asked.filter.phone.is_empty() || !asked.filter.citizen_number.is_empty();
        if sought && viewer == Viewer::Officer {
            let shown = || lines.iter().take(usize::try_from(size).unwrap_or(usize::MAX));
            let ids: Vec<_> = shown().map(|line| line.id).collect();
            let accounts: BTreeSet<_> = shown().filter_map(|line| line.account).collect();
            let accounts: Vec<_> = accounts.into_iter().collect();
            self.store.record_reading(ctx, method, &accounts, &ids, PURPOSE).await?;
        }
        Ok(Lines { viewer, lines })
    }

    /// What another system may list: of its agency, or one below, with all below that.
    async fn systems(&self, ctx: &Ctx, system: &System, asked: &ListDossiers) -> Result<Of, Fault> {
        let Some(agency) = asked.agency.or(system.agency) else { return Err(no_list()) };
        let facts = self.catalog.agency(ctx, agency).await?;
        if !system.reaches(&facts.path) {
            return Err(no_list());
        }
        let path = facts.path.text();
        Ok(if asked.competent { Of::DecidedBelow(path) } else { Of::ReceivedBelow(path) })
    }

    /// What this officer may list of an agency: leaders and auditors all below
    /// it, the others it alone; a unit's officers what their agency decides.
    async fn agencys(
        &self,
        ctx: &Ctx,
        officer: &Officer,
        asked: &ListDossiers,
    ) -> Result<Of, Fault> {
        let first = officer.grants.first().map(|grant| grant.agency);
        let Some(agency) = asked.agency.or(first) else { return Err(no_list()) };
        let mut facts = self.catalog.agency(ctx, agency).await?;
        let agency = facts.home();
        // A unit receives and decides nothing itself: its agency does.
        if facts.kind == AgencyKind::Unit {
            facts = self.catalog.agency(ctx, agency).await?;
        }
        let path = &facts.path;
        if officer.may_any(&[Role::Leader, Role::Auditor], path) {
            // Nothing below a commune receives or decides: its own list is all.
            if facts.kind == AgencyKind::Commune {
                return Ok(if asked.competent {
                    Of::Decided(agency)
                } else {
                    Of::Received(agency)
                });
            }
            let path = path.text();
            return Ok(if asked.competent {
                Of::DecidedBelow(path)
            } else {
                Of::ReceivedBelow(path)
            });
        }
        if !asked.competent && officer.may(Role::DeskOfficer, path) {
            return Ok(Of::Desk(agency));
        }
        if asked.competent && officer.may_any(&DECIDING, path) {
            return Ok(Of::Decided(agency));
        }
        if asked.competent && self.in_unit_of(ctx, officer, agency).await? {
            return Ok(Of::Decided(agency));
        }
        Err(no_list())
    }
}

const DECIDING: [Role; 3] = [Role::DeskOfficer, Role::Specialist, Role::HeadOfUnit];

fn no_list() -> Fault {
    Fault::denied("NOT_YOUR_AGENCY", "Tài khoản không xem được danh sách hồ sơ của cơ quan này.")
}
