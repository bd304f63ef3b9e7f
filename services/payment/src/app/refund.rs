use motcua_context::{Ctx, Role};
use motcua_fault::Fault;
use motcua_ids::{FeeOrderId, PaymentId, RefundId};
use motcua_vn::Vnd;

use super::{App, authority::officer_with, keep::receipt_ids, timer};
use crate::domain::{Attempt, Method, Order, Refund, RefundState, Refusal};

/// Somebody asks to give money back.
#[derive(Debug, Clone)]
pub(crate) struct RequestRefund {
    pub(crate) id: FeeOrderId,
    pub(crate) payment: PaymentId,
    /// None: all that is left.
    pub(crate) amount: Option<Vnd>,
    pub(crate) reason: String,
}

/// A second person decides.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Decide {
    pub(crate) id: FeeOrderId,
    pub(crate) refund: RefundId,
    pub(crate) approve: bool,
}

impl App {
    /// Asks to give back what a payment brought, or a part of it.
    pub(crate) async fn request_refund(
        &self,
        ctx: &Ctx,
        command: RequestRefund,
    ) -> Result<Order, Fault> {
        self.change(ctx, command.id, |order| {
            let by = officer_with(ctx, order, &[Role::DeskOfficer, Role::Accountant])?;
            let left = order.refundable(command.payment)?;
            order.request_refund(Refund {
                id: ctx.new_id(),
                payment: command.payment,
                amount: command.amount.unwrap_or(left),
                requested_by: by,
                requested_at: ctx.now(),
                reason: command.reason.clone(),
                state: RefundState::Requested,
            })?;
            Ok(None)
        })
        .await
    }

    /// Approves a refund, or not. What came through the gateway the gateway gives back.
    pub(crate) async fn decide_refund(&self, ctx: &Ctx, command: Decide) -> Result<Order, Fault> {
        self.change(ctx, command.id, |order| {
            let by = officer_with(ctx, order, &[Role::Leader, Role::Accountant])?;
            order.decide(command.refund, command.approve, by, ctx.now(), receipt_ids(ctx))?;
            let payment = order.refund(command.refund)?.payment;
            let sent = command.approve && self.sent_back_by_gateway(order.attempt(payment)?);
            Ok(sent.then_some(command.refund))
        })
        .await
    }

    /// An approved refund was paid out at the desk, by the postman or by the bank.
    pub(crate) async fn complete_refund(
        &self,
        ctx: &Ctx,
        id: FeeOrderId,
        refund: RefundId,
    ) -> Result<Order, Fault> {
        self.change(ctx, id, |order| {
            let by = officer_with(ctx, order, &[Role::DeskOfficer, Role::Accountant])?;
            let attempt = order.attempt(order.refund(refund)?.payment)?;
            if self.sent_back_by_gateway(attempt) {
                return Err(Refusal::RefundByGateway.into());
            }
            let till = (attempt.method == Method::Cash).then_some(by);
            if !order.complete_refund(refund, till, ctx.now())? {
                return Err(Refusal::RefundNotApproved.into());
            }
            Ok(None)
        })
        .await
    }

    fn sent_back_by_gateway(&self, attempt: &Attempt) -> bool {
        self.gateways.of(attempt).is_some_and(|gateway| gateway.gives_back())
    }

    /// Changes an order; `change` answers the refund that the gateway is to send, if any.
    pub(super) async fn change(
        &self,
        ctx: &Ctx,
        id: FeeOrderId,
        change: impl Fn(&mut Order) -> Result<Option<RefundId>, Fault>,
    ) -> Result<Order, Fault> {
        self.store
            .write(ctx, id.uuid(), async |tx| {
                let mut order = self.orders.lock(tx, id).await?;
                if let Some(refund) = change(&mut order)? {
                    tx.schedule(timer::REFUND, refund.uuid(), ctx.now()).await?;
                }
                self.keep(tx, ctx, &mut order).await?;
                Ok(order)
            })
            .await?
            .or_reload(async |_| self.orders.get(self.store.reader(), id).await)
            .await
    }
}
