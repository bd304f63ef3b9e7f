use chrono::{DateTime, Utc};
use motcua_ids::RefundId;
use motcua_vn::Vnd;

use super::Method;

/// What happened to an order that others are told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// Something is owed from now on.
    Requested {
        /// In all.
        amount: Vnd,
        /// Until when.
        due_at: DateTime<Utc>,
        /// When.
        at: DateTime<Utc>,
    },
    /// It is paid, or not owed after all.
    Settled {
        /// What was paid.
        amount: Vnd,
        /// How; none where nothing had to be paid.
        method: Option<Method>,
        /// When.
        at: DateTime<Utc>,
    },
    /// It was not paid in time.
    Lapsed {
        /// When.
        at: DateTime<Utc>,
    },
    /// Money was given back.
    Refunded {
        /// Which refund.
        refund: RefundId,
        /// How much.
        amount: Vnd,
        /// When.
        at: DateTime<Utc>,
    },
}
