use std::time::Duration;

use motcua_context::Ctx;
use motcua_fault::Fault;
use motcua_ids::Uuid;
use motcua_paywire::Unclear;

use super::{
    App,
    begin_payment::{info, told},
};
use crate::{
    domain::{Attempt, AttemptState, Order, Refusal},
    gateways::Standing,
};

/// The payer looks at the page meanwhile, and his own call ends after ten seconds by itself.
const PATIENCE: Duration = Duration::from_secs(5);

impl App {
    /// What became of the attempt that a payer comes back from. What he brings settles nothing, and
    /// ends nothing: whatever it says of an attempt that waits, the gateway is asked. One who gave up
    /// there can begin anew at once, as soon as the gateway says so too. Of an attempt that is over
    /// here it is asked where he says that he paid, as its money may have come.
    pub(crate) async fn look_up_return(
        &self,
        ctx: &Ctx,
        query: &str,
    ) -> Result<(Order, Attempt), Fault> {
        let mut read = self
            .gateways
            .iter()
            .map(|(via, gateway)| gateway.notice(query).map(|word| (via, gateway, word)));
        let first = read.next().ok_or(Refusal::MethodNotOffered)?;
        // One's return is nothing to another; the first that knows it, knows it.
        let known = first.or_else(|unclear| read.find_map(Result::ok).ok_or(unclear));
        let (via, gateway, word) = known.map_err(|unclear| match unclear {
            Unclear::Signature | Unclear::Amount => Refusal::SignatureInvalid,
            Unclear::Terminal => Refusal::PaymentUnknown,
        })?;
        let db = self.store.reader();
        let found = self.orders.by_reference(db, &word.reference, Some(via)).await?;
        let (id, payment) = found.ok_or(Refusal::PaymentUnknown)?;
        let order = self.orders.get(db, id).await?;
        let attempt = order.attempt(payment)?.clone();
        let waits = attempt.state == AttemptState::Pending;
        let says_paid = matches!(word.standing, Standing::Paid { .. });
        if attempt.settled().is_some() || !(waits || says_paid) {
            return Ok((order, attempt));
        }
        let request_id = request_id(ctx);
        let info = info(&order);
        let ask = gateway.ask(told(&attempt, &info), &request_id, ctx.now());
        let answer = tokio::time::timeout(PATIENCE, ask).await;
        match answer.unwrap_or_else(|_| Err(Fault::unavailable("gateway"))) {
            Ok(word) => {
                self.take_word(ctx, via, &word).await?;
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
