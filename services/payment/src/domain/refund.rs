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
    /// Of this fee alone; none: of all, in proportion to what is kept of each.
    pub fee: Option<String>,
    /// How much of each line, once it is approved: kept as it was booked, since what is kept of the
    /// lines then is not what is kept of them later. Empty before, and where it is of surplus.
    pub parts: Vec<Vnd>,
    /// Who asked for it.
    pub requested_by: AccountId,
    /// When.
    pub requested_at: DateTime<Utc>,
    /// Why, in the officer's words.
    pub reason: String,
    /// Where it stands.
    pub state: RefundState,
    /// Where it stands at the gateway that is to give it back.
    pub sent: Sent,
}

/// Where a refund stands at the gateway.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sent {
    /// The gateway has not said that it gives it back.
    No,
    /// It is at it.
    Taken {
        /// Since when.
        at: DateTime<Utc>,
    },
    /// It does not give it back, or nobody knows whether it has: a person has to see to it.
    Refused {
        /// The gateway's own code; empty: it never said.
        code: String,
    },
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

    /// Whether somebody approved it, whether or not the money has gone.
    pub const fn is_approved(&self) -> bool {
        matches!(self.state, RefundState::Approved { .. } | RefundState::Refunded { .. })
    }
}

/// Shares out `amount` in the proportion of `weights`, to the đồng: by what the first so many have
/// together, so that rounding adds up to nothing, and none gets more than its weight of an amount
/// that is no more than all weights.
pub fn shared(amount: Vnd, weights: &[Vnd]) -> Vec<Vnd> {
    let all: i128 = weights.iter().map(|weight| i128::from(weight.dong())).sum();
    let (mut weighed, mut given) = (0, 0);
    let share = |weight: &Vnd| {
        weighed += i128::from(weight.dong());
        let until = i128::from(amount.dong()) * weighed / all.max(1);
        let share = until - given;
        given = until;
        Vnd::new(i64::try_from(share).unwrap_or_default())
    };
    weights.iter().map(share).collect()
}
