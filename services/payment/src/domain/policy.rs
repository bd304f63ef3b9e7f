use chrono::{DateTime, NaiveDate, Utc};
use motcua_ids::FeePolicyId;
use motcua_vn::Vnd;
use serde::{Deserialize, Serialize};

use super::{ChargeKind, Line, Reduction};

/// A rule by which people pay less (chính sách miễn, giảm phí, lệ phí), dated; its last day alone
/// may be set later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// Its id.
    pub id: FeePolicyId,
    /// What it says.
    pub terms: Terms,
    /// When somebody set its last day behind its publication; none: it is as published.
    pub ended_at: Option<DateTime<Utc>>,
}

/// What a policy says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// What people call it.
    pub title: String,
    /// Căn cứ pháp lý.
    pub basis: String,
    /// First day, by the day of acceptance.
    pub valid_from: NaiveDate,
    /// Last day, where it is known.
    pub valid_to: Option<NaiveDate>,
    /// 1 to 100: what is taken off.
    pub percent: u8,
    /// Only what was filed online.
    pub online_only: bool,
    /// One of the two, or both.
    pub kind: Option<ChargeKind>,
    /// National numbers of procedures; none: all.
    pub procedures: Vec<String>,
}

impl Terms {
    /// Whether it holds for a fee of this kind.
    pub fn covers(&self, day: NaiveDate, online: bool, procedure: &str, kind: ChargeKind) -> bool {
        day >= self.valid_from
            && self.valid_to.is_none_or(|last| day <= last)
            && (online || !self.online_only)
            && self.kind.is_none_or(|own| own == kind)
            && (self.procedures.is_empty() || self.procedures.iter().any(|own| own == procedure))
    }

    /// What it takes off; what is less than a đồng is taken off too.
    pub fn off(&self, amount: Vnd) -> Vnd {
        let percent = i64::from(self.percent.min(100));
        let kept = i128::from(amount.dong()) * i128::from(100 - percent) / 100;
        Vnd::new(amount.dong() - i64::try_from(kept).unwrap_or_default())
    }
}

impl Policy {
    /// Sets its last day; answers whether it may: it is a day nearer than the one that it has. One
    /// that lies before its first day makes it a rule that never holds.
    pub fn end(&mut self, last: NaiveDate, at: DateTime<Utc>) -> bool {
        let nearer = self.terms.valid_to.is_none_or(|now| last < now);
        if nearer {
            self.terms.valid_to = Some(last);
            self.ended_at = Some(at);
        }
        nearer
    }

    /// Takes off a line what the one policy that takes off most takes off: reductions do
    /// not add up.
    pub fn apply(
        policies: &[Self],
        day: NaiveDate,
        online: bool,
        procedure: &str,
        line: &mut Line,
    ) {
        let kind = line.kind;
        let Some(charge) = &mut line.charge else { return };
        let best = policies
            .iter()
            .filter(|policy| policy.terms.covers(day, online, procedure, kind))
            .map(|policy| (policy.terms.off(charge.amount), policy))
            .max_by_key(|(off, policy)| (*off, policy.terms.valid_from, policy.id));
        if let Some((amount, policy)) = best.filter(|(off, _)| *off > Vnd::ZERO) {
            charge.reduction = Some(Reduction { amount, basis: policy.terms.basis.clone() });
        }
    }
}
