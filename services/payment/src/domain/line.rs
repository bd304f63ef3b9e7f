use motcua_ids::AgencyPath;
use motcua_vn::Vnd;
use serde::{Deserialize, Serialize};

/// Phí or lệ phí: receipted apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChargeKind {
    /// Phí: for a service.
    Charge,
    /// Lệ phí: set by law for an act of the state.
    Fee,
}

impl ChargeKind {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Charge, Self::Fee];

    /// The word in rows.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Charge => "charge",
            Self::Fee => "fee",
        }
    }
}

/// One phí or lệ phí of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Its code in the procedure's version.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Which of the two.
    pub kind: ChargeKind,
    /// How much, once that is known.
    pub charge: Option<Charge>,
    /// What the procedure says of it.
    pub note: String,
    /// What others have of it than the agency that collects.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shares: Vec<Share>,
}

/// What another agency has of a fee (phân chia phí, lệ phí).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// Which agency.
    pub agency: AgencyPath,
    /// 1 to 100, of what was paid.
    pub percent: u8,
}

impl Share {
    /// What it has of so much; what is less than a đồng the collecting agency keeps.
    pub fn of(&self, kept: Vnd) -> Vnd {
        let part = i128::from(kept.dong()) * i128::from(self.percent) / 100;
        Vnd::new(i64::try_from(part).unwrap_or_default())
    }
}

/// How much one fee is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Charge {
    /// The full sum.
    pub amount: Vnd,
    /// What is taken off.
    pub reduction: Option<Reduction>,
    /// By which row of the procedure's table, where one said it: why so much, or nothing at all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<TableRow>,
}

/// A row of a procedure's table, as its version says it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableRow {
    /// Its condition and its formula: `ngheo: 0`; the formula alone where it holds always.
    pub text: String,
    /// Căn cứ pháp lý, where it names one.
    pub basis: String,
}

/// What is taken off, and by which text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reduction {
    /// At most the full sum.
    pub amount: Vnd,
    /// Căn cứ pháp lý.
    pub basis: String,
}

/// What an officer finds one fee to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assessed {
    /// Of one of the lines.
    pub code: String,
    /// How much.
    pub charge: Charge,
}

impl Charge {
    /// Nothing less than the full sum.
    pub const fn full(amount: Vnd) -> Self {
        Self { amount, reduction: None, row: None }
    }

    /// What is left to pay.
    pub fn payable(&self) -> Vnd {
        let off = self.reduction.as_ref().map_or(0, |reduction| reduction.amount.dong());
        Vnd::new((self.amount.dong() - off).max(0))
    }
}

impl Line {
    /// What is to be paid of it; nothing while nobody has said how much.
    pub fn payable(&self) -> Vnd {
        self.charge.as_ref().map_or(Vnd::ZERO, Charge::payable)
    }
}
