use motcua_context::Ctx;
use motcua_fault::{Fault, Kind};
use motcua_ids::{ReceiptId, Uuid};

use super::App;

impl App {
    /// Keeps what a receipt says, as it is when the receipt is issued: a name that is corrected later
    /// is on the receipt that replaces it, and not on this one. Money is taken whether or not the
    /// neighbours answer; they are asked right behind, until they do.
    pub(crate) async fn note_bill(&self, ctx: &Ctx, receipt: Uuid) -> Result<(), Fault> {
        let id = ReceiptId::new(receipt);
        let db = self.store.reader();
        let order = self.orders.get(db, self.orders.of_receipt(db, id).await?).await?;
        let bill = match self.bill(ctx, &order).await {
            Ok(bill) => bill,
            // The dossier is gone, and with it the name.
            Err(fault) if fault.kind() == Kind::NotFound => return Ok(()),
            Err(fault) => return Err(fault),
        };
        self.store
            .write(ctx, receipt, async |tx| self.orders.note_bill(tx, id, &bill).await)
            .await?;
        Ok(())
    }
}
