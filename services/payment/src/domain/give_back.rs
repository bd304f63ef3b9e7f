//! Money given back, with a second person's approval.

use chrono::{DateTime, Utc};
use motcua_ids::{AccountId, PaymentId, ReceiptId, RefundId};
use motcua_vn::Vnd;

use super::{
    Account, Attempt, ChargeKind, Event, Line, Order, Place, Receipt, Refund, RefundState, Refusal,
    Transfer, What, order::total, shared,
};

/// More than anybody needs.
const REFUNDS: usize = 20;

impl Order {
    /// What is left of an attempt's money to give back.
    pub fn refundable(&self, id: PaymentId) -> Result<Vnd, Refusal> {
        let attempt = self.attempt(id)?;
        if attempt.settled().is_none() {
            return Err(Refusal::PaymentNotSettled);
        }
        let taken = self.refunds.iter().filter(|r| r.payment == id && r.counts());
        Ok(Vnd::new(attempt.amount.dong() - total(taken.map(|r| r.amount)).dong()))
    }

    /// Somebody asks to give money back.
    pub fn request_refund(&mut self, refund: Refund) -> Result<(), Refusal> {
        let left = self.refundable(refund.payment)?;
        if refund.amount <= Vnd::ZERO || refund.amount > left || self.refunds.len() >= REFUNDS {
            return Err(Refusal::RefundTooLarge { left });
        }
        self.version += 1;
        self.refunds.push(refund);
        Ok(())
    }

    /// A second person approves it, or not. Receipts over what is given back are cancelled and
    /// replaced.
    pub fn decide(
        &mut self,
        id: RefundId,
        approve: bool,
        by: AccountId,
        at: DateTime<Utc>,
        receipts: [ReceiptId; 2],
    ) -> Result<(), Refusal> {
        let refund = self.refund(id)?.clone();
        if refund.state != RefundState::Requested {
            return Err(Refusal::RefundDecided);
        }
        if refund.requested_by == by {
            return Err(Refusal::SecondPersonNeeded);
        }
        let before = self.kept();
        let state = if approve {
            RefundState::Approved { by, at }
        } else {
            RefundState::Rejected { by, at }
        };
        self.set(id, state);
        if !approve {
            return Ok(());
        }
        let refunds = Place::of(Account::Refunds);
        if self.attempt(refund.payment)?.settled() == Some(true) {
            let weights: Vec<Vnd> = self.lines.iter().map(Line::payable).collect();
            let shares = shared(refund.amount, &weights);
            let parts = self.lines.iter().zip(shares).filter_map(|(line, share)| {
                Transfer::new(Place::fee(Account::Income, &line.code), refunds.clone(), share)
            });
            let parts = parts.collect();
            self.book(What::RefundApproved, at, parts);
            self.share_out(&before, &self.kept(), at);
            self.replace_receipts(at, receipts);
        } else {
            let part = Transfer::new(Place::of(Account::Surplus), refunds, refund.amount);
            self.book(What::RefundApproved, at, part.into_iter().collect());
        }
        Ok(())
    }

    /// The money of an approved refund has gone, in cash out of `till`. Answers whether that is
    /// news.
    pub fn complete_refund(
        &mut self,
        id: RefundId,
        till: Option<AccountId>,
        at: DateTime<Utc>,
    ) -> Result<bool, Refusal> {
        let refund = self.refund(id)?.clone();
        let (by, decided_at) = match refund.state {
            RefundState::Approved { by, at } => (by, at),
            RefundState::Refunded { .. } => return Ok(false),
            RefundState::Requested | RefundState::Rejected { .. } => {
                return Err(Refusal::RefundNotApproved);
            }
        };
        let money = Place::money(self.attempt(refund.payment)?.method, till);
        let gone = Transfer::new(Place::of(Account::Refunds), money, refund.amount);
        self.set(id, RefundState::Refunded { by, decided_at, at });
        self.book(What::Refunded, at, gone.into_iter().collect());
        self.happens(Event::Refunded { refund: id, amount: refund.amount, at });
        Ok(true)
    }

    /// The refund that a transfer of this sum, under the reference of one of the payments, is.
    pub fn refund_sent(&self, payment: PaymentId, amount: Vnd) -> Option<&Refund> {
        self.refunds.iter().find(|refund| {
            let sent =
                matches!(refund.state, RefundState::Approved { .. } | RefundState::Refunded { .. });
            sent && refund.payment == payment && refund.amount == amount
        })
    }

    /// Receipts that hold are cancelled; new ones are over what stays paid.
    fn replace_receipts(&mut self, at: DateTime<Utc>, ids: [ReceiptId; 2]) {
        let approved = self.refunds.iter().filter(|refund| {
            matches!(refund.state, RefundState::Approved { .. } | RefundState::Refunded { .. })
                && self.attempt(refund.payment).ok().and_then(Attempt::settled) == Some(true)
        });
        let back = total(approved.map(|refund| refund.amount));
        let kinds = ChargeKind::ALL.map(|kind| self.of_kind(kind));
        let shares = shared(back, &kinds);
        for ((kind, id), share) in ChargeKind::ALL.into_iter().zip(ids).zip(shares) {
            let left = Vnd::new(self.of_kind(kind).dong() - share.dong());
            let valid = self.receipts.iter_mut().find(|r| r.kind == kind && r.holds());
            let Some(valid) = valid.filter(|receipt| receipt.amount != left) else { continue };
            valid.cancelled_at = Some(at);
            if left > Vnd::ZERO {
                valid.replaced_by = Some(id);
                self.receipts.push(Receipt::new(id, kind, left, at));
            }
        }
    }

    fn set(&mut self, id: RefundId, state: RefundState) {
        self.version += 1;
        if let Some(refund) = self.refunds.iter_mut().find(|refund| refund.id == id) {
            refund.state = state;
        }
    }
}
