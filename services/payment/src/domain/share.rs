//! What other agencies have of what was paid.

use chrono::{DateTime, Utc};
use motcua_vn::Vnd;

use super::{Account, Attempt, Line, Order, Place, RefundState, Transfer, What, shared};

impl Order {
    /// Of each line: what was paid and is not given back.
    pub(super) fn kept(&self) -> Vec<Vnd> {
        let weights: Vec<Vnd> = self.lines.iter().map(Line::payable).collect();
        let mut kept = weights.clone();
        for refund in &self.refunds {
            let decided =
                matches!(refund.state, RefundState::Approved { .. } | RefundState::Refunded { .. });
            let owed = self.attempt(refund.payment).ok().and_then(Attempt::settled) == Some(true);
            if !decided || !owed {
                continue;
            }
            for (left, back) in kept.iter_mut().zip(shared(refund.amount, &weights)) {
                *left = Vnd::new(left.dong() - back.dong());
            }
        }
        kept
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
