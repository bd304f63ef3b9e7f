use chrono::NaiveDate;
use motcua_context::{Ctx, Role};
use motcua_fault::Fault;
use motcua_ids::AgencyId;
use motcua_rpc::Page;

use super::{App, Slot, Sum};
use crate::store::{Books, Which};

impl App {
    /// A page of what the books say of an agency and those below it.
    pub(crate) async fn balances(
        &self,
        ctx: &Ctx,
        agency: AgencyId,
        day: Option<NaiveDate>,
        page: Page<Slot>,
    ) -> Result<(Vec<Sum>, bool), Fault> {
        let officer = ctx.officer()?;
        let path = self.catalog.agency(ctx, agency).await?.path;
        if !officer.may_any(&[Role::Leader, Role::Accountant, Role::Auditor], &path) {
            return Err(Fault::denied(
                "NOT_YOUR_AGENCY",
                "Tài khoản không xem được sổ sách của cơ quan này.",
            ));
        }
        Books::page(self.store.reader(), &Which { agency: path, day }, page).await
    }
}
