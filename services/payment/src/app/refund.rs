use motcua_context::{Ctx, Role};
use motcua_fault::{Fault, Violations};
use motcua_ids::{FeeOrderId, PaymentId, RefundId};
use motcua_vn::{Vnd, local};

use super::{App, authority::officer_with, keep::receipt_ids, timer};
use crate::domain::{Attempt, Kind, Method, Order, Place, Refund, RefundState, Refusal, Sent};

/// Somebody asks to give money back.
#[derive(Debug, Clone)]
pub(crate) struct RequestRefund {
    pub(crate) id: FeeOrderId,
    pub(crate) payment: PaymentId,
    /// None: all that is left.
    pub(crate) amount: Option<Vnd>,
    /// Of one fee alone; none: of all.
    pub(crate) fee: Option<String>,
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
    /// Asks to give back what a payment brought, or a part of it, or of one fee that it paid.
    pub(crate) async fn request_refund(
        &self,
        ctx: &Ctx,
        command: RequestRefund,
    ) -> Result<Order, Fault> {
        self.change(ctx, command.id, |order| {
            let by = officer_with(ctx, order, &[Role::DeskOfficer, Role::Accountant])?;
            let fee = command.fee.as_deref();
            let mut wrong = Violations::default();
            wrong.take("fee_code", fee.map_or(Ok(0), |code| order.line(code)));
            wrong.finish()?;
            let left = order.refundable(command.payment, fee)?;
            order.request_refund(Refund {
                id: ctx.new_id(),
                payment: command.payment,
                amount: command.amount.unwrap_or(left),
                fee: command.fee.clone(),
                parts: Vec::new(),
                requested_by: by,
                requested_at: ctx.now(),
                reason: command.reason.clone(),
                state: RefundState::Requested,
                sent: Sent::No,
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

    /// An approved refund was paid out at the desk, by the postman or by the bank, or in whichever way
    /// where the gateway has refused to.
    pub(crate) async fn complete_refund(
        &self,
        ctx: &Ctx,
        id: FeeOrderId,
        refund: RefundId,
        in_cash: bool,
    ) -> Result<Order, Fault> {
        let roles = [Role::DeskOfficer, Role::Accountant];
        self.store
            .write(ctx, id.uuid(), async |tx| {
                let mut order = self.orders.lock(tx, id).await?;
                let by = officer_with(ctx, &order, &roles)?;
                let wanted = order.refund(refund)?;
                let attempt = order.attempt(wanted.payment)?;
                let by_hand = matches!(wanted.sent, Sent::Refused { .. });
                if self.sent_back_by_gateway(attempt) && !by_hand {
                    return Err(Refusal::RefundByGateway.into());
                }
                // Of what came by transfer or by the post the books await the bank's word.
                if in_cash && !matches!(attempt.method, Method::Cash | Method::Gateway) {
                    return Err(Refusal::MethodNotOffered.into());
                }
                // Only an officer of the desk has a till; others pay out of the agency's own cash.
                let collecting = &order.facts.collecting;
                let at_desk = ctx.officer()?.may(Role::DeskOfficer, collecting);
                let in_cash = in_cash || attempt.method == Method::Cash;
                let till = (in_cash && at_desk).then_some(by);
                if let Some(cashier) = till {
                    let (agency, day) = (collecting.agency(), local::day(ctx.now()));
                    self.tills.hold(tx, cashier, agency, day).await?;
                }
                let money = in_cash.then(|| Place::money(Method::Cash, till));
                if !order.complete_refund(refund, money, ctx.now())? {
                    return Err(Refusal::RefundNotApproved.into());
                }
                self.discrepancies.found(tx, Kind::MissingThere, refund.uuid(), ctx.now()).await?;
                self.keep(tx, ctx, &mut order).await?;
                Ok(order)
            })
            .await?
            .or_reload(async |_| self.orders.get(self.store.reader(), id).await)
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
