use motcua_context::{Ctx, Role};
use motcua_fault::Fault;
use motcua_ids::FeeOrderId;
use motcua_rpc::Page;

use super::{App, authority::Viewer};
use crate::{
    domain::{Order, State},
    store::{Listed, Placed},
};

impl App {
    /// The order, as its payer or an officer may see it.
    pub(crate) async fn order(&self, ctx: &Ctx, id: FeeOrderId) -> Result<(Order, bool), Fault> {
        let order = self.orders.get(self.store.reader(), id).await?;
        let viewer = self.viewer(ctx, &order).await?;
        Ok((order, viewer == Viewer::Officer))
    }

    /// A page of the orders that the officer's roles reach, newest or oldest first; and whether
    /// there is more.
    pub(crate) async fn order_page(
        &self,
        ctx: &Ctx,
        state: Option<State>,
        oldest_first: bool,
        page: Page<Placed>,
    ) -> Result<(Vec<Order>, bool), Fault> {
        let officer = ctx.officer()?;
        let of = |role| officer.agencies(role);
        let below = [Role::Leader, Role::Accountant, Role::Auditor];
        let listed = Listed {
            below: below.into_iter().flat_map(of).collect(),
            at: of(Role::DeskOfficer).collect(),
            state,
            oldest_first,
        };
        self.orders.page(self.store.reader(), &listed, page).await
    }
}
