use motcua_context::{Ctx, Role};
use motcua_fault::Fault;
use motcua_ids::{FeeOrderId, ReceiptId};

use super::{App, authority::officer_with};
use crate::domain::Order;

/// A receipt was issued wrongly.
#[derive(Debug, Clone)]
pub(crate) struct ReplaceReceipt {
    pub(crate) id: FeeOrderId,
    pub(crate) receipt: ReceiptId,
    pub(crate) reason: String,
}

impl App {
    /// Cancels a receipt, and issues another over the same sum in its place.
    pub(crate) async fn replace_receipt(
        &self,
        ctx: &Ctx,
        command: ReplaceReceipt,
    ) -> Result<Order, Fault> {
        let new = ctx.new_id();
        self.change(ctx, command.id, |order| {
            let by = officer_with(ctx, order, &[Role::Accountant])?;
            let reason = command.reason.clone();
            order.replace_receipt(command.receipt, new, by, reason, ctx.now())?;
            Ok(None)
        })
        .await
    }
}
