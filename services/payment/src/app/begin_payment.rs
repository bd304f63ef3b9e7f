use std::net::{IpAddr, Ipv4Addr};

use motcua_context::{Actor, Ctx};
use motcua_fault::Fault;
use motcua_ids::{FeeOrderId, PaymentId};
use motcua_paywire::Reference;

use super::{
    App,
    authority::{desk, payer},
    timer,
};
use crate::{
    domain::{Attempt, AttemptState, Bill, Method, Order, Refusal},
    gateways::Told,
};

/// Somebody wants to pay.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Begin {
    pub(crate) id: FeeOrderId,
    pub(crate) method: Method,
    pub(crate) english: bool,
}

/// An attempt, and where the payer goes with it.
#[derive(Debug, Clone)]
pub(crate) struct Begun {
    pub(crate) attempt: Attempt,
    /// The gateway's page.
    pub(crate) redirect_url: String,
    /// The text of a VietQR code.
    pub(crate) vietqr: String,
}

impl App {
    /// Begins to pay all that is owed, or goes on with an attempt that still waits.
    pub(crate) async fn begin_payment(&self, ctx: &Ctx, asked: Begin) -> Result<Begun, Fault> {
        // Whose it is, before anything is told of it.
        let order = self.orders.get(self.store.reader(), asked.id).await?;
        let at_desk = matches!(ctx.actor().principal(), Actor::Officer(_));
        if at_desk {
            desk(ctx, &order)?;
        } else {
            payer(ctx, &order)?;
        }
        let lasts = match asked.method {
            Method::Gateway if self.gateways.offered().is_some() && !at_desk => {
                self.config.attempt()
            }
            Method::BankTransfer if self.config.transfer.is_some() => self.config.transfer_wait(),
            _ => return Err(Refusal::MethodNotOffered.into()),
        };
        let reference = Reference::new(u64::from_be_bytes(ctx.random()));
        let payment = ctx.new_id::<PaymentId>();
        let id = asked.id;
        let (order, payment) = self
            .store
            .write(ctx, id.uuid(), async |tx| {
                let mut order = self.orders.lock(tx, id).await?;
                let expires_at = ctx.now() + lasts;
                let attempt = Attempt {
                    id: payment,
                    method: asked.method,
                    via: self.gateways.offered().filter(|_| asked.method == Method::Gateway),
                    reference: Some(reference.to_string()),
                    amount: order.payable(),
                    created_at: ctx.now(),
                    expires_at,
                    till: None,
                    state: AttemptState::Pending,
                };
                let goes_on = order.try_to_pay(attempt)?;
                if goes_on == payment {
                    tx.schedule(timer::ASK, payment.uuid(), expires_at).await?;
                    self.keep(tx, ctx, &mut order).await?;
                }
                Ok((order, goes_on))
            })
            .await?
            .or_reload(async |_| {
                let order = self.orders.get(self.store.reader(), id).await?;
                let last = order.attempts.iter().rfind(|a| a.method == asked.method);
                let last = last.ok_or(Refusal::PaymentUnknown)?.id;
                Ok((order, last))
            })
            .await?;
        self.begun(ctx, &order, payment, asked.english).await
    }

    async fn begun(
        &self,
        ctx: &Ctx,
        order: &Order,
        payment: PaymentId,
        english: bool,
    ) -> Result<Begun, Fault> {
        let attempt = order.attempt(payment)?.clone();
        let (mut redirect_url, mut vietqr) = (String::new(), String::new());
        if attempt.waits(ctx.now()) {
            let payer = ctx.address().unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST));
            match (attempt.method, self.gateways.of(&attempt), &self.config.transfer) {
                (Method::Gateway, Some(gateway), _) => {
                    let info = info(order);
                    let told = told(&attempt, &info);
                    let bill = if gateway.wants_bill() {
                        self.bill(ctx, order).await?
                    } else {
                        Bill::default()
                    };
                    redirect_url = gateway.redirect(told, &bill, payer, english).await?;
                }
                (Method::BankTransfer, _, Some(account)) => {
                    let memo = attempt.reference.as_deref().unwrap_or_default();
                    let code = account.code(attempt.amount, memo);
                    vietqr = code.encode().map_err(Fault::internal)?;
                }
                _ => {}
            }
        }
        Ok(Begun { attempt, redirect_url, vietqr })
    }
}

impl App {
    /// What a receipt says today. The name is asked of intake just before it is sent or kept.
    pub(super) async fn bill(&self, ctx: &Ctx, order: &Order) -> Result<Bill, Fault> {
        let facts = &order.facts;
        let (agency, procedure_name, payer) = tokio::try_join!(
            self.catalog.agency(ctx, facts.collecting.agency()),
            self.catalog.procedure_name(ctx, facts.procedure_version),
            self.intake.applicant(ctx, facts.dossier),
        )?;
        Ok(Bill {
            dossier: facts.code.clone(),
            procedure: facts.procedure.clone(),
            procedure_name,
            agency_code: agency.code,
            agency_name: agency.name,
            lines: order.lines.clone(),
            payer,
        })
    }
}

/// What for, without anything personal.
pub(super) fn info(order: &Order) -> String {
    format!("Nop phi, le phi ho so {}", order.facts.code)
}

/// An attempt as a gateway is told of it.
pub(super) fn told<'a>(attempt: &'a Attempt, info: &'a str) -> Told<'a> {
    Told {
        reference: attempt.reference.as_deref().unwrap_or_default(),
        amount: attempt.amount,
        info,
        begun: attempt.created_at,
        expires: attempt.expires_at,
    }
}
