use motcua_context::{Ctx, Role};
use motcua_fault::Fault;
use motcua_rpc::Page;

use super::App;
use crate::store::{CostFilter, CostSlot, Costs, Sum};

/// What a provider took of an agency in a day, and what it asks for that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cost {
    pub(crate) taken: Sum,
    /// In thousandths of a đồng, by the prices of the settings as they are now; none without one.
    pub(crate) thousandths: Option<u64>,
}

impl App {
    /// A page of what providers took of an agency's messages and those below it, and whether there
    /// is more. With the province's own comes also what is of no agency: the province pays.
    pub(crate) async fn costs(
        &self,
        ctx: &Ctx,
        filter: CostFilter,
        page: Page<CostSlot>,
    ) -> Result<(Vec<Cost>, bool), Fault> {
        let officer = ctx.officer()?;
        let agency = self.catalog.agency(ctx, filter.agency).await?;
        if !officer.may_any(&[Role::Leader, Role::Administrator, Role::Auditor], &agency.path) {
            return Err(Fault::denied(
                "NOT_YOUR_AGENCY",
                "Tài khoản không xem được chi phí nhắn tin của cơ quan này.",
            ));
        }
        let db = self.store.reader();
        let (sums, more) = Costs.page(db, filter, agency.is_province, page).await?;
        let costs = sums.into_iter().map(|taken| {
            let tariff = self.tariffs.get(&taken.slot.provider);
            let day = taken.slot.day()?;
            let price = tariff.and_then(|tariff| tariff.on(day));
            let thousandths = price.map(|price| price.of(taken.messages, taken.segments));
            Ok(Cost { taken, thousandths })
        });
        Ok((costs.collect::<Result<_, Fault>>()?, more))
    }
}
