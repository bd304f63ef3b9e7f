//! Money given back, with a second person's approval.

use chrono::{DateTime, TimeDelta, Utc};
use motcua_ids::{AccountId, PaymentId, ReceiptId, RefundId};
use motcua_vn::Vnd;

use super::{
    Account, ChargeKind, Event, Order, Place, Receipt, Refund, RefundState, Refusal, Sent,
    Transfer, What, order::total, shared,
};

/// More than anybody needs, beside those that were rejected: an order is loaded and kept whole.
pub(super) const REFUNDS: usize = 20;
/// More than anybody asks for with those that were rejected, which are loaded and kept as well.
const ASKED: usize = 100;

impl Order {
    /// What is left of an attempt's money to give back, or of one fee that it paid.
    pub fn refundable(&self, id: PaymentId, fee: Option<&str>) -> Result<Vnd, Refusal> {
        let attempt = self.attempt(id)?;
        if attempt.settled().is_none() {
            return Err(Refusal::PaymentNotSettled);
        }
        let taken = self.refunds.iter().filter(|r| r.payment == id && r.counts());
        let left = Vnd::new(attempt.amount.dong() - total(taken.map(|r| r.amount)).dong());
        let Some(code) = fee else { return Ok(left) };
        let line = self.line(code)?;
        let owed = self.paying().is_some_and(|paying| paying.id == id);
        Ok(if owed { left.min(self.unasked()[line]) } else { Vnd::ZERO })
    }

    /// The place of a fee among the lines.
    pub fn line(&self, code: &str) -> Result<usize, Refusal> {
        self.lines.iter().position(|line| line.code == code).ok_or(Refusal::FeeUnknown)
    }

    /// Of each line: what is kept, less what is asked back of that fee alone. What is asked back of
    /// all is taken of this, so that each refund can be approved, in whatever order they are.
    fn unasked(&self) -> Vec<Vnd> {
        let mut left = self.kept();
        for refund in self.refunds.iter().filter(|r| r.state == RefundState::Requested) {
            if let Some(Ok(line)) = refund.fee.as_deref().map(|code| self.line(code)) {
                left[line] = Vnd::new(left[line].dong() - refund.amount.dong());
            }
        }
        left
    }

    /// How much of each line an approved refund is.
    fn parts(&self, refund: &Refund) -> Result<Vec<Vnd>, Refusal> {
        let Some(code) = &refund.fee else { return Ok(shared(refund.amount, &self.unasked())) };
        let mut parts = vec![Vnd::ZERO; self.lines.len()];
        parts[self.line(code)?] = refund.amount;
        Ok(parts)
    }

    /// Somebody asks to give money back.
    pub fn request_refund(&mut self, refund: Refund) -> Result<(), Refusal> {
        let left = self.refundable(refund.payment, refund.fee.as_deref())?;
        if refund.amount <= Vnd::ZERO || refund.amount > left {
            return Err(Refusal::RefundTooLarge { left });
        }
        if self.refunds.len() >= ASKED {
            return Err(Refusal::RefundsExhausted);
        }
        if self.refunds.iter().filter(|refund| refund.counts()).count() >= REFUNDS {
            return Err(Refusal::TooManyRefunds);
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
        if !approve {
            self.set(id, RefundState::Rejected { by, at });
            return Ok(());
        }
        let refunds = Place::of(Account::Refunds);
        let approved = RefundState::Approved { by, at };
        if self.attempt(refund.payment)?.settled() == Some(true) {
            let (before, parts) = (self.kept(), self.parts(&refund)?);
            let moved = self.lines.iter().zip(&parts).filter_map(|(line, part)| {
                Transfer::new(Place::fee(Account::Income, &line.code), refunds.clone(), *part)
            });
            let moved = moved.collect();
            self.book(What::RefundApproved, at, moved);
            self.set(id, approved);
            if let Some(noted) = self.refunds.iter_mut().find(|refund| refund.id == id) {
                noted.parts = parts;
            }
            self.share_out(&before, &self.kept(), at);
            self.replace_receipts(at, receipts);
        } else {
            self.set(id, approved);
            let part = Transfer::new(Place::of(Account::Surplus), refunds, refund.amount);
            self.book(What::RefundApproved, at, part.into_iter().collect());
        }
        Ok(())
    }

    /// The money of an approved refund has gone, out of `money`; none: the way it came. Answers whether
    /// that is news.
    pub fn complete_refund(
        &mut self,
        id: RefundId,
        money: Option<Place>,
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
        let method = self.attempt(refund.payment)?.method;
        let money = money.unwrap_or_else(|| Place::money(method, None));
        let gone = Transfer::new(Place::of(Account::Refunds), money, refund.amount);
        self.set(id, RefundState::Refunded { by, decided_at, at });
        self.book(What::Refunded, at, gone.into_iter().collect());
        self.happens(Event::Refunded { refund: id, amount: refund.amount, at });
        Ok(true)
    }

    /// Whether a gateway is to give back something else of the same payment first: it takes one at a
    /// time, and what it says of one is not to be taken for another's.
    pub fn waits_behind(&self, id: RefundId) -> Result<bool, Refusal> {
        let turn = |refund: &Refund| match (&refund.state, &refund.sent) {
            (_, Sent::Refused { .. }) => None,
            (RefundState::Approved { at, .. }, _) => Some((*at, refund.id)),
            _ => None,
        };
        let own = self.refund(id)?;
        let others = self.refunds.iter().filter(|other| other.payment == own.payment);
        Ok(others.filter_map(turn).min().is_some_and(|(_, first)| first != id))
    }

    /// Since when those before it have ended at the latest, each of which has `longest` until a person
    /// sees to it, and as long again once it was taken; none where there were none.
    pub fn turn_since(
        &self,
        id: RefundId,
        longest: TimeDelta,
    ) -> Result<Option<DateTime<Utc>>, Refusal> {
        let own = self.refund(id)?;
        let others = self.refunds.iter().filter(|r| r.id != id && r.payment == own.payment);
        let ended = others.filter_map(|other| match (other.state, &other.sent) {
            (RefundState::Refunded { at, .. }, _) => Some(at),
            (RefundState::Approved { at, .. }, Sent::Refused { .. }) => Some(at + longest * 2),
            _ => None,
        });
        Ok(ended.max())
    }

    /// Whether as much of the same payment has gone back before, or may have: then a gateway's word of
    /// such a sum may be of that.
    pub fn has_twin(&self, id: RefundId) -> Result<bool, Refusal> {
        let own = self.refund(id)?;
        Ok(self.refunds.iter().any(|other| {
            other.id != id
                && (other.payment, other.amount) == (own.payment, own.amount)
                && (matches!(other.state, RefundState::Refunded { .. })
                    || matches!(other.sent, Sent::Refused { .. }))
        }))
    }

    /// What the gateway says of a refund that it is to give back. Answers whether that is news.
    pub fn sent(&mut self, id: RefundId, sent: Sent) -> Result<bool, Refusal> {
        let refund = self.refunds.iter_mut().find(|refund| refund.id == id);
        let refund = refund.ok_or(Refusal::RefundUnknown)?;
        if !matches!(refund.state, RefundState::Approved { .. }) {
            return Ok(false);
        }
        let news = match (&refund.sent, &sent) {
            (Sent::Refused { .. }, _) | (Sent::Taken { .. }, Sent::Taken { .. }) => false,
            (before, now) => before != now,
        };
        if news {
            refund.sent = sent;
            self.version += 1;
        }
        Ok(news)
    }

    /// The refunds that a transfer of this sum, under the reference of one of the payments, may be.
    pub fn refunds_sent(&self, payment: PaymentId, amount: Vnd) -> impl Iterator<Item = &Refund> {
        self.refunds.iter().filter(move |refund| {
            refund.is_approved() && refund.payment == payment && refund.amount == amount
        })
    }

    /// Receipts that hold are cancelled; new ones are over what stays paid.
    fn replace_receipts(&mut self, at: DateTime<Utc>, ids: [ReceiptId; 2]) {
        let kept = self.kept();
        for (kind, id) in ChargeKind::ALL.into_iter().zip(ids) {
            let own = self.lines.iter().zip(&kept).filter(|(line, _)| line.kind == kind);
            let left = total(own.map(|(_, kept)| *kept));
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
