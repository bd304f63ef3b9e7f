use motcua_context::{Ctx, Officer, Role as Held};
use motcua_fault::Fault;
use motcua_ids::AgencyId;

use super::{App, permit};
use crate::domain::{Refusal, Role, TaskView};
use crate::store::{Position, Which};

/// Which tasks an officer wants to see.
#[derive(Debug, Clone, Copy)]
pub(crate) enum ListTasks {
    /// Those nobody works on, of a queue.
    Waiting(Role, AgencyId),
    /// All that are not over, of a queue.
    Open(Role, AgencyId),
    /// The caller's own.
    Mine,
    /// All that are not over, of an agency and all below it.
    Below(AgencyId),
}

impl App {
    /// A page of tasks: online first, then by due time; what is overseen by due time alone.
    pub(crate) async fn list_tasks(
        &self,
        ctx: &Ctx,
        list: ListTasks,
        after: Option<Position>,
        limit: u64,
    ) -> Result<Vec<(Position, TaskView)>, Fault> {
        let officer = ctx.officer()?;
        let which = match list {
            ListTasks::Mine => Which::HeldBy(officer.account),
            ListTasks::Waiting(role, agency) => {
                self.require_queue(ctx, officer, role, agency).await?;
                Which::Waiting(role, agency)
            }
            ListTasks::Open(role, agency) => {
                self.require_queue(ctx, officer, role, agency).await?;
                Which::Open(role, agency)
            }
            ListTasks::Below(agency) => {
                const OVERSEE: [Held; 2] = [Held::Leader, Held::Auditor];
                if !OVERSEE.into_iter().any(|held| officer.holds(held)) {
                    return Err(Refusal::NotYourAgency.into());
                }
                let place = self.catalog.place(ctx, agency).await?.agency;
                if !officer.may_any(&OVERSEE, &place) {
                    return Err(Refusal::NotYourAgency.into());
                }
                Which::Below(place)
            }
        };
        self.queue.page(self.store.reader(), which, after, limit).await
    }

    /// Those who work from a queue, its head, and leaders and auditors above it.
    async fn require_queue(
        &self,
        ctx: &Ctx,
        officer: &Officer,
        role: Role,
        agency: AgencyId,
    ) -> Result<(), Fault> {
        const OVERSEE: [Held; 3] = [Held::HeadOfUnit, Held::Leader, Held::Auditor];
        let there = |held| officer.agencies(held).any(|place| place == agency);
        if there(permit::held(role)) || OVERSEE.into_iter().any(there) {
            return Ok(());
        }
        if !OVERSEE.into_iter().any(|held| officer.holds(held)) {
            return Err(Refusal::NotYourAgency.into());
        }
        let place = self.catalog.place(ctx, agency).await?;
        if officer.may_any(&OVERSEE, &place.agency) {
            Ok(())
        } else {
            Err(Refusal::NotYourAgency.into())
        }
    }
}
