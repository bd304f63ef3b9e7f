use chrono::NaiveDate;
use motcua_ids::{ProcedureId, ProcedureVersionId};
use motcua_vn::Timestamp;

use super::{Complete, Content, Event, ProcedureNumber, Refusal, Version, VersionState};

/// An administrative procedure (thủ tục hành chính): a number and a history.
/// What it says lives in its versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Procedure {
    /// The id.
    pub id: ProcedureId,
    /// Its national number.
    pub number: ProcedureNumber,
    /// The last revision that was given out.
    pub revisions: i32,
    /// First day of effect of the newest published version.
    pub newest_from: Option<NaiveDate>,
    /// The version being edited; at most one.
    pub draft: Option<ProcedureVersionId>,
    /// Where it was abolished.
    pub abolished: Option<Abolition>,
    /// Grows with every change.
    pub version: i64,
}

/// Bãi bỏ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Abolition {
    /// The last day on which it can be filed.
    pub last_day: NaiveDate,
    /// The decision that abolished it.
    pub decision: Option<String>,
}

/// When a version is published, and from when it holds.
#[derive(Debug, Clone, Copy)]
pub struct Effect {
    /// First day of effect.
    pub from: NaiveDate,
    /// The day it is published on.
    pub today: NaiveDate,
    /// The instant it is published at.
    pub now: Timestamp,
}

impl Procedure {
    /// Makes a procedure with its first draft.
    pub fn create(
        id: ProcedureId,
        number: ProcedureNumber,
        draft: ProcedureVersionId,
        content: Content,
    ) -> (Self, Version) {
        let mut procedure = Self {
            id,
            number,
            revisions: 0,
            newest_from: None,
            draft: None,
            abolished: None,
            version: 0,
        };
        let version = procedure.next(draft, content);
        (procedure, version)
    }

    /// Starts the next draft.
    pub fn start_draft(
        &mut self,
        id: ProcedureVersionId,
        content: Content,
    ) -> Result<Version, Refusal> {
        if self.abolished.is_some() {
            return Err(Refusal::ProcedureAbolished);
        }
        if self.draft.is_some() {
            return Err(Refusal::DraftExists);
        }
        Ok(self.next(id, content))
    }

    fn next(&mut self, id: ProcedureVersionId, content: Content) -> Version {
        self.revisions += 1;
        self.version += 1;
        self.draft = Some(id);
        Version {
            id,
            procedure: self.id,
            number: self.number.clone(),
            revision: self.revisions,
            state: VersionState::Draft { edits: 1 },
            content,
        }
    }

    /// Throws the draft away. Its revision is not given out again.
    pub fn discard(&mut self, draft: &Version, etag: &str) -> Result<(), Refusal> {
        draft.held_by(etag)?;
        self.draft = None;
        self.version += 1;
        Ok(())
    }

    /// Publishes the draft. The first version may hold from any day; a later
    /// one not before today, and not before the one it follows.
    pub fn publish(
        &mut self,
        draft: &mut Version,
        etag: &str,
        effect: Effect,
        _complete: Complete,
    ) -> Result<Event, Refusal> {
        draft.held_by(etag)?;
        if self.abolished.is_some() {
            return Err(Refusal::ProcedureAbolished);
        }
        if let Some(newest) = self.newest_from {
            let earliest = newest.max(effect.today);
            if effect.from < earliest {
                return Err(Refusal::EffectiveDateTooEarly(earliest));
            }
        }
        draft.state = VersionState::Published { effective_from: effect.from, at: effect.now };
        self.newest_from = Some(effect.from);
        self.draft = None;
        self.version += 1;
        Ok(Event::VersionPublished {
            procedure: self.id,
            number: self.number.clone(),
            published: draft.id,
            revision: draft.revision,
            effective_from: effect.from,
            at: effect.now,
            version: self.version,
        })
    }

    /// Abolishes the procedure: after `abolition.last_day` nobody can file it.
    pub fn abolish(&mut self, abolition: Abolition) -> Result<Event, Refusal> {
        if self.abolished.is_some() {
            return Err(Refusal::ProcedureAbolished);
        }
        if self.newest_from.is_none() {
            return Err(Refusal::NeverPublished);
        }
        let last_day = abolition.last_day;
        self.abolished = Some(abolition);
        self.version += 1;
        let (number, version) = (self.number.clone(), self.version);
        Ok(Event::ProcedureAbolished { procedure: self.id, number, last_day, version })
    }

    /// Whether it can still be filed on a day, as far as abolition goes.
    pub fn stands_on(&self, day: NaiveDate) -> bool {
        self.abolished.as_ref().is_none_or(|a| day <= a.last_day)
    }
}

#[cfg(test)]
mod tests;
