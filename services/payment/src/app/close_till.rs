use motcua_context::{Ctx, Role};
use motcua_fault::Fault;
use motcua_ids::{AgencyId, EntryId};
use motcua_vn::{Vnd, local};

use super::{App, TillClosing};
use crate::{
    domain::{Account, Entry, Place, Refusal, Transfer, What},
    store::Books,
};

impl App {
    /// Closes the caller's till for the day: a difference is booked, and what was counted goes to
    /// the agency's own cash.
    pub(crate) async fn close_till(
        &self,
        ctx: &Ctx,
        agency: AgencyId,
        counted: Vnd,
    ) -> Result<TillClosing, Fault> {
        let officer = ctx.officer()?;
        let path = self.catalog.agency(ctx, agency).await?.path;
        if !officer.may(Role::DeskOfficer, &path) {
            return Err(Fault::denied(
                "NOT_YOUR_DESK",
                "Chỉ cán bộ một cửa của cơ quan thu mới chốt quỹ được.",
            ));
        }
        let (cashier, day) = (officer.account, local::day(ctx.now()));
        self.store
            .write(ctx, cashier.uuid(), async |tx| {
                self.tills.hold(tx, cashier, agency, day).await?;
                let expected = Books::in_till(tx.db(), cashier, &path).await?;
                let till = Place::till(cashier);
                let more = Vnd::new(counted.dong() - expected.dong());
                let difference = Transfer::new(till.clone(), Place::of(Account::Difference), more);
                let handed_in = Transfer::new(Place::of(Account::Cash), till, counted);
                let transfers = difference.into_iter().chain(handed_in).collect();
                let entry = Entry { what: What::TillCounted, at: ctx.now(), transfers };
                Books::write(tx, ctx.new_id::<EntryId>().uuid(), None, (&path, day), &entry);
                let closed_at = ctx.now();
                let closing = TillClosing { cashier, agency, day, expected, counted, closed_at };
                self.tills.close(tx, closing).await?;
                Ok(closing)
            })
            .await?
            // Asked again it may be tomorrow: it is not today's closing that was asked for.
            .or_reload(async |_| {
                let closing = self.tills.last_closing(self.store.reader(), cashier, agency).await?;
                closing.ok_or_else(|| Refusal::TillClosed.into())
            })
            .await
    }
}
