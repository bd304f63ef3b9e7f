//! What other agencies have of what was paid.

use chrono::{DateTime, Utc};
use motcua_vn::Vnd;

use super::{
    Account, Attempt, AttemptState, Line, Order, Place, Refusal, State, Transfer, What, shared,
};

impl Order {
    /// Of each line: what was paid and is not given back. Receipts, shares and what may still be
    /// given back all go by this.
    pub(super) fn kept(&self) -> Vec<Vnd> {
        let paid: Vec<Vnd> = self.lines.iter().map(Line::payable).collect();
        let Some(paying) = self.paying() else { return vec![Vnd::ZERO; paid.len()] };
        let mut kept = paid.clone();
        for refund in self.refunds.iter().filter(|r| r.payment == paying.id && r.is_approved()) {
            // Before the parts were noted, each refund was booked in proportion to what was paid.
            let parts = match &refund.parts[..] {
                [] => &shared(refund.amount, &paid),
                noted => noted,
            };
            for (left, part) in kept.iter_mut().zip(parts) {
                *left = Vnd::new(left.dong() - part.dong());
            }
        }
        kept
    }

    /// The attempt that paid what is owed, while that stands.
    pub fn paying(&self) -> Option<&Attempt> {
        if self.state != State::Paid {
            return None;
        }
        self.paid_until(DateTime::<Utc>::MAX_UTC)
    }

    /// Whether what was paid may be asked for anew: only once all of it was given back, and while
    /// the dossier goes on.
    pub(super) fn reopens(&self) -> Result<(), Refusal> {
        if self.kept().iter().any(|kept| *kept > Vnd::ZERO) {
            return Err(Refusal::AlreadyPaid);
        }
        self.ended_at.map_or(Ok(()), |_| Err(Refusal::OrderEnded))
    }

    /// The attempt that was the last to pay what was owed until then: an order that was given back
    /// as a whole may be paid again.
    pub fn paid_until(&self, until: DateTime<Utc>) -> Option<&Attempt> {
        let paid = self.attempts.iter().filter_map(|attempt| match attempt.state {
            AttemptState::Settled { at, owed: true, .. } if at <= until => Some((at, attempt)),
            _ => None,
        });
        paid.max_by_key(|(at, _)| *at).map(|(_, attempt)| attempt)
    }

    /// Moves to other agencies what they have more, or back what they have less, now that
    /// `before` of each line was kept until now and `after` is from now on.
    pub(super) fn share_out(&mut self, before: &[Vnd], after: &[Vnd], at: DateTime<Utc>) {
        let mut moved = Vec::new();
        for ((line, before), after) in self.lines.iter().zip(before).zip(after) {
            for share in &line.shares {
                let more = Vnd::new(share.of(*after).dong() - share.of(*before).dong());
                let own = Place::fee(Account::Income, &line.code);
                moved.extend(Transfer::new(own, Place::share(&share.agency, &line.code), more));
            }
        }
        self.book(What::Shared, at, moved);
    }
}
