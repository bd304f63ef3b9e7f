use chrono::NaiveDate;
use motcua_ids::{AgencyId, AgencyPath};
use serde::{Deserialize, Serialize};

use super::{Event, Refusal};

/// An agency or a unit of one (cơ quan, đơn vị). Never deleted: it ends and
/// names who took over, because old dossiers still point at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agency {
    /// From the root to the agency itself.
    pub path: AgencyPath,
    /// What it is.
    pub kind: AgencyKind,
    /// What may change.
    pub facts: AgencyFacts,
    /// Code inside the agency; units alone have one.
    pub unit_code: Option<String>,
    /// When it exists.
    pub valid: Validity,
    /// Who took over when it ended.
    pub successor: Option<AgencyId>,
    /// Grows with every change.
    pub version: i64,
}

/// What of an agency may change without its ceasing to be the same agency.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AgencyFacts {
    /// Mã định danh điện tử, root first: `H53.01.04`. Units have none.
    pub identifier: Option<String>,
    /// «Ủy ban nhân dân xã …».
    pub name: String,
    /// Where people find it.
    pub address: Option<String>,
    /// Whom to call.
    pub telephone: Option<String>,
    /// Where to write.
    pub email: Option<String>,
}

/// What an agency is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AgencyKind {
    /// Ủy ban nhân dân tỉnh.
    Province,
    /// Sở, ban, văn phòng, trung tâm of the province.
    Department,
    /// Ngành dọc.
    MinistryBranch,
    /// Until 2025-06-30.
    District,
    /// Ủy ban nhân dân xã, phường, đặc khu.
    Commune,
    /// Phòng, bộ phận.
    Unit,
}

impl AgencyKind {
    /// Whether an agency of this kind may stand below `parent`, or at a root.
    pub fn may_stand_below(self, parent: Option<Self>) -> bool {
        use AgencyKind::{Commune, Department, District, MinistryBranch, Province, Unit};
        match (self, parent) {
            (Province | MinistryBranch, None) => true,
            (Province, Some(_)) | (Department | District | Commune | Unit, None) => false,
            (Department, Some(p)) => matches!(p, Province | Department),
            (MinistryBranch, Some(p)) => matches!(p, Province | MinistryBranch),
            (District, Some(p)) => p == Province,
            (Commune, Some(p)) => matches!(p, Province | District),
            (Unit, Some(p)) => p != Unit,
        }
    }
}

/// The days on which something exists, both ends included; an open end is none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Validity {
    /// The first day; none: always.
    pub from: Option<NaiveDate>,
    /// The last day; none: no end is known.
    pub to: Option<NaiveDate>,
}

impl Validity {
    /// Whether it exists on that day.
    pub fn holds_on(self, day: NaiveDate) -> bool {
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to)
    }

    /// Whether there is a day on which both exist.
    pub fn meets(self, other: Self) -> bool {
        let starts_after = |a: Self, b: Self| matches!((a.from, b.to), (Some(f), Some(t)) if f > t);
        !starts_after(self, other) && !starts_after(other, self)
    }
}

impl Agency {
    /// The agency's id.
    pub fn id(&self) -> AgencyId {
        self.path.agency()
    }

    /// The agency right above.
    pub fn parent(&self) -> Option<AgencyId> {
        self.path.agencies().iter().rev().nth(1).copied()
    }

    /// Makes an agency below `parent`.
    pub fn found(
        id: AgencyId,
        parent: Option<&Self>,
        kind: AgencyKind,
        facts: AgencyFacts,
        unit_code: Option<String>,
        valid: Validity,
    ) -> Result<(Self, Event), Refusal> {
        if !kind.may_stand_below(parent.map(|p| p.kind)) {
            return Err(Refusal::AgencyMisplaced);
        }
        if let Some((parent, end)) = parent.and_then(|p| p.valid.to.map(|end| (p, end)))
            && !parent.valid.meets(valid)
        {
            return Err(Refusal::AgencyEnded(end));
        }
        if matches!((valid.from, valid.to), (Some(from), Some(to)) if to < from) {
            return Err(Refusal::AgencyEndsBeforeItBegins);
        }
        let path = parent.map_or_else(|| AgencyPath::root(id), |p| p.path.child(id));
        let agency = Self { path, kind, facts, unit_code, valid, successor: None, version: 1 };
        let event = agency.changed();
        Ok((agency, event))
    }

    fn changed(&self) -> Event {
        Event::AgencyChanged {
            path: self.path.clone(),
            identifier: self.facts.identifier.clone(),
            valid_to: self.valid.to,
            successor: self.successor,
            version: self.version,
        }
    }

    /// What an editor shows to say which state was read.
    pub fn etag(&self) -> String {
        format!("v{}", self.version)
    }

    /// Refuses what was decided on a state that somebody changed in between.
    pub fn held_by(&self, etag: &str) -> Result<(), Refusal> {
        if etag.is_empty() || etag == self.etag() { Ok(()) } else { Err(Refusal::EtagMismatch) }
    }

    /// Changes names, code and contact.
    pub fn change(&mut self, facts: AgencyFacts) -> Event {
        self.facts = facts;
        self.version += 1;
        self.changed()
    }

    /// Ends the agency on `last`, its last day, and names who takes over.
    pub fn end(&mut self, last: NaiveDate, successor: Option<&Self>) -> Result<Event, Refusal> {
        if let Some(end) = self.valid.to {
            return Err(Refusal::AgencyEnded(end));
        }
        if self.valid.from.is_some_and(|from| last < from) {
            return Err(Refusal::AgencyEndsBeforeItBegins);
        }
        let fits = |other: &Self| {
            other.id() != self.id()
                && last.succ_opt().is_some_and(|next| other.valid.holds_on(next))
                && !other.path.contains(self.id())
        };
        if !successor.is_none_or(fits) {
            return Err(Refusal::SuccessorUnfit);
        }
        self.valid.to = Some(last);
        self.successor = successor.map(Self::id);
        self.version += 1;
        Ok(self.changed())
    }

    /// Ends what stands below an agency that ends: without a successor of its
    /// own, and silently where it had ended before.
    pub fn end_with_parent(&mut self, last: NaiveDate) -> Option<Event> {
        if self.valid.to.is_some_and(|end| end <= last) {
            return None;
        }
        self.valid.to = Some(last);
        self.version += 1;
        Some(self.changed())
    }
}

#[cfg(test)]
mod tests {
    use motcua_ids::Uuid;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn agency(n: u128, parent: Option<&Agency>, kind: AgencyKind, valid: Validity) -> Agency {
        let id = AgencyId::new(Uuid::from_u128(n));
        Agency::found(id, parent, kind, AgencyFacts::default(), None, valid).unwrap().0
    }

    #[test]
    fn kinds_stand_where_the_law_puts_them() {
        use AgencyKind::{Commune, Department, District, MinistryBranch, Province, Unit};
        let allowed = [
            (Province, None),
            (MinistryBranch, None),
            (Department, Some(Province)),
            (Department, Some(Department)),
            (MinistryBranch, Some(MinistryBranch)),
            (MinistryBranch, Some(Province)),
            (District, Some(Province)),
            (Commune, Some(Province)),
            (Commune, Some(District)),
            (Unit, Some(Commune)),
            (Unit, Some(Department)),
            (Unit, Some(Province)),
            (Unit, Some(District)),
            (Unit, Some(MinistryBranch)),
        ];
        let all = [Province, Department, MinistryBranch, District, Commune, Unit];
        for kind in all {
            for parent in all.map(Some).into_iter().chain([None]) {
                let expected = allowed.contains(&(kind, parent));
                assert_eq!(kind.may_stand_below(parent), expected, "{kind:?} below {parent:?}");
            }
        }
    }

    #[test]
    fn an_ended_agency_takes_no_children_born_after_it() {
        let province = agency(1, None, AgencyKind::Province, Validity::default());
        let until = Validity { from: None, to: Some(day("2025-06-30")) };
        let district = agency(2, Some(&province), AgencyKind::District, until);
        let born_after = Validity { from: Some(day("2025-07-01")), to: None };
        let refused = Agency::found(
            AgencyId::new(Uuid::from_u128(3)),
            Some(&district),
            AgencyKind::Unit,
            AgencyFacts::default(),
            Some("tu-phap".into()),
            born_after,
        );
        assert_eq!(refused.unwrap_err(), Refusal::AgencyEnded(day("2025-06-30")));
    }

    #[test]
    fn ending_names_a_living_successor_once() {
        let province = agency(1, None, AgencyKind::Province, Validity::default());
        let mut district = agency(2, Some(&province), AgencyKind::District, Validity::default());
        let commune = agency(
            3,
            Some(&province),
            AgencyKind::Commune,
            Validity { from: Some(day("2025-07-01")), to: None },
        );
        let unit = agency(4, Some(&district), AgencyKind::Unit, Validity::default());

        let itself = district.clone();
        assert_eq!(district.end(day("2025-06-30"), Some(&itself)), Err(Refusal::SuccessorUnfit));
        assert_eq!(district.end(day("2025-06-30"), Some(&unit)), Err(Refusal::SuccessorUnfit));
        assert_eq!(district.end(day("2025-06-29"), Some(&commune)), Err(Refusal::SuccessorUnfit));
        assert!(district.end(day("2025-06-30"), Some(&commune)).is_ok());
        assert_eq!(district.successor, Some(commune.id()));
        assert_eq!(
            district.end(day("2025-07-30"), None),
            Err(Refusal::AgencyEnded(day("2025-06-30")))
        );
    }

    #[test]
    fn what_ended_earlier_keeps_its_own_end() {
        let province = agency(1, None, AgencyKind::Province, Validity::default());
        let mut early = agency(
            2,
            Some(&province),
            AgencyKind::Department,
            Validity { from: None, to: Some(day("2020-01-01")) },
        );
        let mut open = agency(3, Some(&province), AgencyKind::Department, Validity::default());
        assert_eq!(early.end_with_parent(day("2025-06-30")), None);
        assert!(open.end_with_parent(day("2025-06-30")).is_some());
        assert_eq!(open.valid.to, Some(day("2025-06-30")));
    }
}
