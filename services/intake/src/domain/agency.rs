//! Agencies, as intake reads them from the catalog.

use chrono::NaiveDate;
use motcua_ids::{AgencyId, AgencyPath};

use super::{Deciders, Denial, Level, Procedure};

/// An agency as intake reads it.
#[derive(Debug, Clone)]
pub struct Agency {
    /// From the root to the agency itself.
    pub path: AgencyPath,
    /// Identifier code, `H53.12.05`; empty for a unit.
    pub code: String,
    /// As people read it.
    pub name: String,
    /// What it is.
    pub kind: AgencyKind,
    /// First day on which it exists.
    pub valid_from: Option<NaiveDate>,
    /// Last day on which it exists.
    pub valid_to: Option<NaiveDate>,
}

/// What an agency is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AgencyKind {
    /// Ủy ban nhân dân tỉnh.
    Province,
    /// Sở, ban, ngành.
    Department,
    /// Ngành dọc.
    MinistryBranch,
    /// Until 2025-06-30.
    District,
    /// Xã, phường, đặc khu.
    Commune,
    /// Phòng inside an agency.
    Unit,
}

impl Agency {
    /// Whether it is a unit (phòng) inside that agency; units hold no units.
    pub fn is_unit_of(&self, agency: AgencyId) -> bool {
        self.kind == AgencyKind::Unit && self.home() == agency
    }

    /// The agency people deal with: of a unit the one it belongs to, else itself.
    pub fn home(&self) -> AgencyId {
        let above = self.path.agencies().iter().rev().nth(1).copied();
        above.filter(|_| self.kind == AgencyKind::Unit).unwrap_or(self.path.agency())
    }

    fn stands_on(&self, day: NaiveDate) -> bool {
        self.valid_from.is_none_or(|from| from <= day) && self.valid_to.is_none_or(|to| day <= to)
    }

    /// Whether it decides this procedure on a day.
    pub fn decides(&self, procedure: &Procedure, day: NaiveDate) -> Result<(), Denial> {
        use AgencyKind as K;
        let competent = match &procedure.deciders {
            Deciders::Agencies(agencies) => agencies.contains(&self.path.agency()),
            Deciders::Level(level) => match level {
                Level::Commune => self.kind == K::Commune,
                Level::District => self.kind == K::District,
                Level::Province => matches!(self.kind, K::Province | K::Department),
                Level::Ministry => {
                    matches!(self.kind, K::MinistryBranch | K::Province | K::Department)
                }
            },
        };
        if competent && self.stands_on(day) { Ok(()) } else { Err(Denial::AgencyNotCompetent) }
    }

    /// Whether it can receive on a day: codes are minted for its identifier.
    pub fn receives(&self, day: NaiveDate) -> Result<(), Denial> {
        let coded = motcua_vn::AgencyIdentifier::parse(&self.code).is_ok();
        if coded && self.stands_on(day) { Ok(()) } else { Err(Denial::AgencyCannotReceive) }
    }
}
