use motcua_fees::{Share, Table};
use serde::{Deserialize, Serialize};

mod stored;
#[cfg(test)]
mod tests;

/// A sum to pay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fee {
    /// Unique within its way: `le-phi`.
    pub code: String,
    /// What it is called.
    pub name: String,
    /// Phí or lệ phí.
    pub kind: FeeKind,
    /// How the sum is known.
    pub rule: FeeRule,
    /// How it is reckoned, or for whom it is less.
    #[serde(default)]
    pub note: Option<String>,
    /// What of it others have than the agency that collects.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shares: Vec<Share>,
}

impl Fee {
    /// Whether a person may have to pay something.
    pub fn may_cost(&self) -> bool {
        match self.rule {
            FeeRule::Fixed { amount_vnd } => amount_vnd > 0,
            FeeRule::SetByProvince
            | FeeRule::SeeNote
            | FeeRule::Table { .. }
            | FeeRule::Unknown => true,
            FeeRule::Free => false,
        }
    }
}

/// Phí and lệ phí are receipted apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FeeKind {
    /// Phí: for a service.
    Charge,
    /// Lệ phí: set by law for an act of the state.
    Fee,
}

/// How the sum is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "rule", rename_all = "snake_case")]
pub enum FeeRule {
    /// A sum.
    Fixed {
        /// In đồng.
        amount_vnd: i64,
    },
    /// Miễn phí.
    Free,
    /// Hội đồng nhân dân tỉnh sets it.
    SetByProvince,
    /// Per page, per copy: the note tells.
    SeeNote,
    /// By what was answered in the e-form.
    Table {
        /// Its rows.
        #[serde(flatten, with = "stored")]
        table: Table,
    },
    /// No source says.
    Unknown,
}
