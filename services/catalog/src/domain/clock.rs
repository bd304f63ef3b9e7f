//! Working calendars and clock policies: dated, versioned, never changed. A
//! correction is a new revision, so that an appointment can be explained for
//! ever by what it was counted on.

use chrono::NaiveDate;
use motcua_ids::{AgencyId, AgencyPath, CalendarId, PolicyId};
use motcua_vn::{ClockPolicy, Timestamp, calendar::CalendarData};

use super::{AgencyKind, Event, ProcedureNumber, Refusal};

/// A working calendar (lịch làm việc), in one revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    /// The id.
    pub id: CalendarId,
    /// Shared by all its revisions: `viet-nam`.
    pub code: String,
    /// 1, 2, 3… within the code.
    pub revision: i32,
    /// Whose it is, with all below that have none of their own.
    pub agencies: Vec<AgencyId>,
    /// When it was published.
    pub published_at: Timestamp,
    /// Its name, version, title and dates are those of this revision.
    pub data: CalendarData,
}

/// A clock policy, in one revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// The id.
    pub id: PolicyId,
    /// Shared by all its revisions: `tay-ninh`.
    pub code: String,
    /// 1, 2, 3… within the code.
    pub revision: i32,
    /// What it is made for.
    pub scope: PolicyScope,
    /// When it was published.
    pub published_at: Timestamp,
    /// The rules; their name, version and dates are those of this revision.
    pub data: ClockPolicy,
    /// Where it rests on a draft or an assumption.
    pub notes: Vec<String>,
}

impl Calendar {
    /// The next revision under a code. Its name, version and dates go into the
    /// data, so that whatever is counted on it says by what.
    pub fn publish(
        id: CalendarId,
        newest: Option<&Self>,
        draft: CalendarDraft,
        at: Timestamp,
    ) -> Result<(Self, Event), Refusal> {
        let mut data = draft.data;
        follows(newest.map(|c| c.data.valid_from), data.valid_from)?;
        let revision = newest.map_or(1, |c| c.revision + 1);
        data.name = id.name();
        data.version = revision.to_string();
        let (code, agencies) = (draft.code, draft.agencies);
        let event = Event::CalendarPublished {
            calendar: id,
            agencies: agencies.clone(),
            from: data.valid_from,
        };
        Ok((Self { id, code, revision, agencies, published_at: at, data }, event))
    }

    /// Whether publishing the draft would change nothing.
    pub fn says(&self, draft: &CalendarDraft) -> bool {
        let (name, version) = (self.data.name.clone(), self.data.version.clone());
        let same = CalendarData { name, version, ..draft.data.clone() };
        self.data == same && self.agencies == draft.agencies
    }
}

impl Policy {
    /// The next revision under a code.
    pub fn publish(
        id: PolicyId,
        newest: Option<&Self>,
        draft: PolicyDraft,
        at: Timestamp,
    ) -> Result<(Self, Event), Refusal> {
        let mut data = draft.data;
        follows(newest.map(|p| p.data.valid_from), data.valid_from)?;
        let revision = newest.map_or(1, |p| p.revision + 1);
        data.name = id.name();
        data.version = revision.to_string();
        let (code, scope, notes) = (draft.code, draft.scope, draft.notes);
        let agencies = scope.agencies.clone();
        let event = Event::PolicyPublished { policy: id, agencies, from: data.valid_from };
        Ok((Self { id, code, revision, scope, published_at: at, data, notes }, event))
    }

    /// Whether publishing the draft would change nothing.
    pub fn says(&self, draft: &PolicyDraft) -> bool {
        let (name, version) = (self.data.name.clone(), self.data.version.clone());
        let same = ClockPolicy { name, version, ..draft.data.clone() };
        self.data == same && self.scope == draft.scope && self.notes == draft.notes
    }
}

/// A calendar that is not published yet.
#[derive(Debug, Clone)]
pub struct CalendarDraft {
    /// Shared by all revisions.
    pub code: String,
    /// Whose it is to be.
    pub agencies: Vec<AgencyId>,
    /// Office hours and days; its name and version are given when it is published.
    pub data: CalendarData,
}

/// A policy that is not published yet.
#[derive(Debug, Clone)]
pub struct PolicyDraft {
    /// Shared by all revisions.
    pub code: String,
    /// What it is to be made for.
    pub scope: PolicyScope,
    /// The rules; their name and version are given when it is published.
    pub data: ClockPolicy,
    /// Where it rests on a draft or an assumption.
    pub notes: Vec<String>,
}

/// What a policy is made for.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct PolicyScope {
    /// Whose it is, with all below them.
    pub agencies: Vec<AgencyId>,
    /// Empty: every procedure.
    pub procedures: Vec<ProcedureNumber>,
    /// Older service levels (1 to 4); empty: any.
    pub legacy_levels: Vec<u8>,
    /// The kinds of agencies it binds; empty: any.
    #[serde(default)]
    pub agency_kinds: Vec<AgencyKind>,
    /// The highest that holds is chosen.
    pub priority: i32,
}

/// Who counts: where it stands, and what it is.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// From the root down to the agency.
    pub path: &'a AgencyPath,
    /// Its kind; of a unit, that of the agency it belongs to.
    pub kind: AgencyKind,
}

/// What of a procedure a policy asks about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// Its national number.
    pub number: ProcedureNumber,
    /// 1 to 4, where it was rated on the older scale.
    pub legacy_level: Option<u8>,
}

/// Refuses what would slip in behind a revision that holds from a later day.
fn follows(newest: Option<NaiveDate>, from: NaiveDate) -> Result<(), Refusal> {
    match newest {
        Some(newest) if from < newest => Err(Refusal::NotNewest(newest)),
        _ => Ok(()),
    }
}

/// The calendar that holds for an agency on a day: the nearest going up the
/// tree, the newest in effect. Behind the end of its data it still holds, and
/// whoever counts says that the result is provisional.
pub fn calendar_for<'a>(
    calendars: &'a [Calendar],
    path: &AgencyPath,
    day: NaiveDate,
) -> Option<&'a Calendar> {
    calendars
        .iter()
        .filter(|c| c.data.valid_from <= day)
        .filter_map(|c| Some((nearness(&c.agencies, path)?, c)))
        .max_by_key(|(near, c)| (*near, c.data.valid_from, c.revision, c.id))
        .map(|(_, c)| c)
}

/// The policy that holds for an agency and a procedure on a day: the highest
/// priority, then the nearest, then the newest.
pub fn policy_for<'a>(
    policies: &'a [Policy],
    place: Place<'_>,
    subject: Option<&Subject>,
    day: NaiveDate,
) -> Option<&'a Policy> {
    policies
        .iter()
        .filter(|p| p.data.valid_from <= day && p.data.valid_to.is_none_or(|to| day <= to))
        .filter(|p| p.scope.binds(place.kind) && p.scope.admits(subject))
        .filter_map(|p| Some((nearness(&p.scope.agencies, place.path)?, p)))
        .max_by_key(|(near, p)| (p.scope.priority, *near, p.data.valid_from, p.revision, p.id))
        .map(|(_, p)| p)
}

/// The policy that would shorten limits if only the procedure's level were known.
pub fn missed<'a>(
    policies: &'a [Policy],
    place: Place<'_>,
    subject: &Subject,
    day: NaiveDate,
    holds: &Policy,
) -> Option<&'a Policy> {
    if subject.legacy_level.is_some() || holds.data.halving.is_some() {
        return None;
    }
    (1..=4).find_map(|level| {
        let rated = Subject { legacy_level: Some(level), ..subject.clone() };
        policy_for(policies, place, Some(&rated), day).filter(|p| p.data.halving.is_some())
    })
}

impl PolicyScope {
    fn binds(&self, kind: AgencyKind) -> bool {
        self.agency_kinds.is_empty() || self.agency_kinds.contains(&kind)
    }

    fn admits(&self, subject: Option<&Subject>) -> bool {
        let number = self.procedures.is_empty()
            || subject.is_some_and(|s| self.procedures.contains(&s.number));
        let level = self.legacy_levels.is_empty()
            || subject
                .and_then(|s| s.legacy_level)
                .is_some_and(|level| self.legacy_levels.contains(&level));
        number && level
    }
}

/// How far down the path the nearest of `agencies` stands; none if none does.
fn nearness(agencies: &[AgencyId], path: &AgencyPath) -> Option<usize> {
    path.agencies().iter().rposition(|agency| agencies.contains(agency))
}

#[cfg(test)]
mod tests;
