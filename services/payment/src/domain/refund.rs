use chrono::{DateTime, Utc};
use motcua_ids::{AccountId, PaymentId, RefundId};
use motcua_vn::Vnd;

/// Money given back (hoàn phí), the way it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refund {
    /// Its id.
    pub id: RefundId,
    /// What brought the money.
    pub payment: PaymentId,
    /// How much.
    pub amount: Vnd,
    /// Who asked for it.
    pub requested_by: AccountId,
    /// When.
    pub requested_at: DateTime<Utc>,
    /// Why, in the officer's words.
    pub reason: String,
    /// Where it stands.
    pub state: RefundState,
}

/// Where a refund stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefundState {
    /// Chờ duyệt.
    Requested,
    /// Đã duyệt: the money is on its way.
    Approved {
        /// Another person than the one who asked.
        by: AccountId,
        /// When.
        at: DateTime<Utc>,
    },
    /// Không duyệt.
    Rejected {
        /// Another person than the one who asked.
        by: AccountId,
        /// When.
        at: DateTime<Utc>,
    },
    /// Đã hoàn.
    Refunded {
        /// Who had approved it.
        by: AccountId,
        /// When.
        decided_at: DateTime<Utc>,
        /// When the money had gone.
        at: DateTime<Utc>,
    },
}

impl Refund {
    /// Whether it takes, or may take, of what the payment brought.
    pub const fn counts(&self) -> bool {
        !matches!(self.state, RefundState::Rejected { .. })
    }
}

/// Shares out `amount` in the proportion of `weights`, to the đồng: what rounding leaves goes to
/// the last of those that have a weight.
pub fn shared(amount: Vnd, weights: &[Vnd]) -> Vec<Vnd> {
    let all: i128 = weights.iter().map(|weight| i128::from(weight.dong())).sum();
    let mut left = amount.dong();
    let mut shares: Vec<Vnd> = weights
        .iter()
        .map(|weight| {
            let share = i128::from(amount.dong()) * i128::from(weight.dong()) / all.max(1);
            let share = i64::try_from(share).unwrap_or_default();
            left -= share;
            Vnd::new(share)
        })
        .collect();
    if let Some(last) = weights.iter().rposition(|weight| *weight > Vnd::ZERO) {
        shares[last] = Vnd::new(shares[last].dong() + left);
    }
    shares
}
