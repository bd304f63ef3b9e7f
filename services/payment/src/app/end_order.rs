use motcua_context::Ctx;
use motcua_fault::Fault;
use motcua_ids::{DossierId, FeeOrderId};

use super::App;

impl App {
    /// The dossier ended without a result: what was not paid is not owed any more.
    pub(crate) async fn end_order(&self, ctx: &Ctx, dossier: DossierId) -> Result<(), Fault> {
        let id = FeeOrderId::new(dossier.uuid());
        self.store
            .write(ctx, id.uuid(), async |tx| {
                if !self.orders.is_there(tx.db(), id).await? {
                    return Ok(());
                }
                let mut order = self.orders.lock(tx, id).await?;
                if order.cancel(ctx.now()) {
                    tx.unschedule(super::timer::LAPSE, id.uuid()).await?;
                    self.keep(tx, ctx, &mut order).await?;
                }
                Ok(())
            })
            .await?;
        Ok(())
    }
}
