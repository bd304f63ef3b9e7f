use chrono::{DateTime, Datelike, Utc};
use motcua_ids::ReceiptId;
use motcua_vn::{Vnd, local};

use super::ChargeKind;

/// Biên lai thu phí, lệ phí.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// Its id.
    pub id: ReceiptId,
    /// Phí or lệ phí.
    pub kind: ChargeKind,
    /// How much.
    pub amount: Vnd,
    /// When it was issued.
    pub issued_at: DateTime<Utc>,
    /// Its series and number, once it has them: they are given last in the write, so that a
    /// series has no gaps.
    pub number: Option<(Series, i64)>,
    /// When it was cancelled.
    pub cancelled_at: Option<DateTime<Utc>>,
    /// The receipt in its place.
    pub replaced_by: Option<ReceiptId>,
}

/// Ký hiệu biên lai: of one agency, one kind, one year: `LP-H53.41-26`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Series(String);

impl Series {
    /// The series of an agency's receipts issued at a time.
    pub fn of(agency_code: &str, kind: ChargeKind, at: DateTime<Utc>) -> Self {
        let kind = match kind {
            ChargeKind::Charge => "P",
            ChargeKind::Fee => "LP",
        };
        Self(format!("{kind}-{agency_code}-{:02}", local::day(at).year() % 100))
    }

    /// As it was kept.
    pub fn kept(text: String) -> Self {
        Self(text)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Receipt {
    /// A receipt that has no number yet.
    pub const fn new(id: ReceiptId, kind: ChargeKind, amount: Vnd, at: DateTime<Utc>) -> Self {
        Self {
            id,
            kind,
            amount,
            issued_at: at,
            number: None,
            cancelled_at: None,
            replaced_by: None,
        }
    }

    /// Whether it holds.
    pub const fn holds(&self) -> bool {
        self.cancelled_at.is_none()
    }
}
