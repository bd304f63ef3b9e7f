use motcua_context::Ctx;
use motcua_fault::Fault;
use motcua_ids::Uuid;
use motcua_paywire::Unclear;

use super::{
    App,
    begin_payment::{info, told},
};
use crate::{
    domain::{Attempt, Method, Order, Refusal},
    gateways::Standing,
};

impl App {
    /// What became of the attempt that a payer comes back from. What he brings settles nothing:
    /// where it says that he paid, the gateway is asked; also of an attempt that is over here, as
    /// its money may have come.
    pub(crate) async fn look_up_return(
        &self,
        ctx: &Ctx,
        query: &str,
    ) -> Result<(Order, Attempt), Fault> {
        let mut read = self.gateways.iter().map(|gateway| gateway.notice(query));
        let first = read.next().ok_or(Refusal::MethodNotOffered)?;
        // One's return is nothing to another; the first that knows it, knows it.
        let word = first.or_else(|unclear| read.find_map(Result::ok).ok_or(unclear));
        let word = word.map_err(|unclear| match unclear {
            Unclear::Signature | Unclear::Amount => Refusal::SignatureInvalid,
            Unclear::Terminal => Refusal::PaymentUnknown,
        })?;
        let db = self.store.reader();
        let found = self.orders.by_reference(db, &word.reference, Method::Gateway).await?;
        let (id, payment) = found.ok_or(Refusal::PaymentUnknown)?;
        let order = self.orders.get(db, id).await?;
        let attempt = order.attempt(payment)?.clone();
        if attempt.settled().is_some() || !matches!(word.standing, Standing::Paid { .. }) {
            return Ok((order, attempt));
        }
        let gateway = self.gateways.of(&attempt).ok_or(Refusal::MethodNotOffered)?;
        let request_id = request_id(ctx);
        match gateway.ask(told(&attempt, &info(&order)), &request_id, ctx.now()).await {
            Ok(word) => {
                self.take_word(ctx, &word).await?;
                let order = self.orders.get(db, id).await?;
                let attempt = order.attempt(payment)?.clone();
                Ok((order, attempt))
            }
            // The gateway tells by itself, or is asked later.
            Err(fault) => {
                tracing::info!(%fault, "a return is not confirmed yet");
                Ok((order, attempt))
            }
        }
    }
}

/// A question's own name, for a gateway.
pub(super) fn request_id(ctx: &Ctx) -> String {
    Uuid::from_bytes(ctx.random()).simple().to_string()
}
