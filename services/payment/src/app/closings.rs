use motcua_context::Ctx;
use motcua_fault::Fault;
use motcua_ids::AgencyId;
use motcua_rpc::Page;

use super::{App, Closed, TillClosing};

impl App {
    /// A page of the closed days of an agency's cashiers, the last one first; and whether there is
    /// more.
    pub(crate) async fn closing_page(
        &self,
        ctx: &Ctx,
        agency: AgencyId,
        page: Page<Closed>,
    ) -> Result<(Vec<TillClosing>, bool), Fault> {
        self.may_see_books_of(ctx, agency).await?;
        self.tills.page(self.store.reader(), agency, page).await
    }
}
