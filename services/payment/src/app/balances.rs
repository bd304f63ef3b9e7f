use chrono::NaiveDate;
use motcua_context::Ctx;
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
        let agency = self.may_see_books_of(ctx, agency).await?;
        Books::page(self.store.reader(), &Which { agency, day }, page).await
    }
}
