use chrono::{DateTime, Datelike, Utc};
use motcua_ids::{AccountId, ReceiptId};
use motcua_vn::{Vnd, local};
use serde::{Deserialize, Serialize};

use super::{ChargeKind, Line, Order, Refusal};

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
    /// Who cancelled it; none: a refund did.
    pub cancelled_by: Option<AccountId>,
    /// Why, in the officer's words.
    pub cancel_reason: String,
    /// The receipt in its place.
    pub replaced_by: Option<ReceiptId>,
}

/// What a receipt says beside its number and sum, ours or a platform's.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bill {
    /// The dossier's code.
    pub dossier: String,
    /// The procedure's national number.
    pub procedure: String,
    /// Its name.
    pub procedure_name: String,
    /// The agency that collects, by its identifier code.
    pub agency_code: String,
    /// Its name.
    pub agency_name: String,
    /// The fees.
    pub lines: Vec<Line>,
    /// Who filed the dossier.
    pub payer: String,
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
    pub fn new(id: ReceiptId, kind: ChargeKind, amount: Vnd, at: DateTime<Utc>) -> Self {
        Self {
            id,
            kind,
            amount,
            issued_at: at,
            number: None,
            cancelled_at: None,
            cancelled_by: None,
            cancel_reason: String::new(),
            replaced_by: None,
        }
    }

    /// Whether it holds.
    pub const fn holds(&self) -> bool {
        self.cancelled_at.is_none()
    }
}

impl Order {
    /// One of its receipts.
    pub fn receipt(&self, id: ReceiptId) -> Result<&Receipt, Refusal> {
        self.receipts.iter().find(|receipt| receipt.id == id).ok_or(Refusal::ReceiptUnknown)
    }

    /// An officer cancels a receipt that was issued wrongly; `new` over the same sum is in its
    /// place, so that what was paid stays receipted.
    pub fn replace_receipt(
        &mut self,
        id: ReceiptId,
        new: ReceiptId,
        by: AccountId,
        reason: String,
        at: DateTime<Utc>,
    ) -> Result<(), Refusal> {
        let old = self.receipts.iter_mut().find(|receipt| receipt.id == id);
        let old = old.ok_or(Refusal::ReceiptUnknown)?;
        if !old.holds() {
            return Err(Refusal::ReceiptCancelled);
        }
        old.cancelled_at = Some(at);
        old.cancelled_by = Some(by);
        old.cancel_reason = reason;
        old.replaced_by = Some(new);
        let (kind, amount) = (old.kind, old.amount);
        self.receipts.push(Receipt::new(new, kind, amount, at));
        self.version += 1;
        Ok(())
    }
}
