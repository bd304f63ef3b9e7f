use chrono::NaiveDate;
use motcua_ids::{ProcedureId, ProcedureVersionId};
use motcua_vn::Timestamp;

use super::{Content, ProcedureNumber, Refusal};

/// One version of a procedure. A draft changes with many hands; once published
/// it never changes, and a dossier keeps the version it was filed under.
#[derive(Debug, Clone, PartialEq)]
pub struct Version {
    /// The id.
    pub id: ProcedureVersionId,
    /// Of which procedure.
    pub procedure: ProcedureId,
    /// Its national number.
    pub number: ProcedureNumber,
    /// 1, 2, 3… within the procedure.
    pub revision: i32,
    /// Where it stands.
    pub state: VersionState,
    /// What it says.
    pub content: Content,
}

/// Where a version stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VersionState {
    /// Being edited.
    Draft {
        /// Grows with every edit; its etag.
        edits: i64,
    },
    /// Immutable.
    Published {
        /// First day on which it can be filed under.
        effective_from: NaiveDate,
        /// When it was published.
        at: Timestamp,
    },
}

impl Version {
    /// What an editor shows to say which state was read.
    pub fn etag(&self) -> String {
        match self.state {
            VersionState::Draft { edits } => format!("draft-{edits}"),
            VersionState::Published { .. } => "published".to_owned(),
        }
    }

    /// Whether it is still being edited.
    pub fn is_draft(&self) -> bool {
        matches!(self.state, VersionState::Draft { .. })
    }

    /// Whether the public may know of it.
    pub fn is_public(&self) -> bool {
        !self.is_draft() && !self.is_internal()
    }

    /// Whether only officials may use it, so that the public never sees it.
    pub fn is_internal(&self) -> bool {
        self.number.is_internal() || self.content.is_internal()
    }

    /// Replaces a draft's text.
    pub fn edit(&mut self, etag: &str, content: Content) -> Result<(), Refusal> {
        let edits = self.held_by(etag)?;
        self.content = content;
        self.state = VersionState::Draft { edits: edits + 1 };
        Ok(())
    }

    /// The draft's edits, if it is one and `etag` is of its present state.
    pub(super) fn held_by(&self, etag: &str) -> Result<i64, Refusal> {
        match self.state {
            VersionState::Published { .. } => Err(Refusal::VersionPublished),
            VersionState::Draft { edits } if self.etag() == etag => Ok(edits),
            VersionState::Draft { .. } => Err(Refusal::EtagMismatch),
        }
    }
}
