//! The papers of a dossier (giấy tờ trong thành phần hồ sơ).

use chrono::{DateTime, Utc};
use motcua_ids::{DossierId, FileId, PaperId};
use motcua_quarantine::{Scan, Unfit};

use super::Denial;

/// Where a paper came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// Uploaded for this dossier.
    Uploaded,
    /// Taken over from one filed before.
    Reused(PaperId),
    /// On paper; there is no file.
    HandedIn,
}

/// The stored file of a paper.
#[derive(Clone, PartialEq, Eq)]
pub struct Content {
    /// Where the bytes are.
    pub file: FileId,
    /// As the sender named it; personal data.
    pub file_name: String,
    /// Found in the content.
    pub media_type: String,
    /// Octets.
    pub size: u64,
    /// SHA-256.
    pub sha256: Vec<u8>,
    /// Whether it may be served.
    pub scan: Scan,
}

impl std::fmt::Debug for Content {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Content({}, {}, {} B)", self.file, self.media_type, self.size)
    }
}

/// One paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paper {
    /// Its id.
    pub id: PaperId,
    /// The dossier it belongs to.
    pub dossier: DossierId,
    /// The component of the case it is for.
    pub code: String,
    /// Where it came from.
    pub source: Source,
    /// `None`: on paper only.
    pub content: Option<Content>,
    /// Bản chính handed in.
    pub originals: u32,
    /// Bản sao handed in.
    pub copies: u32,
    /// Part of what was filed: it stays.
    pub filed: bool,
    /// When it joined the dossier.
    pub created_at: DateTime<Utc>,
}

impl Paper {
    /// The file, where it may be served. `unscanned_too`: this deployment does not scan.
    pub fn servable(&self, unscanned_too: bool) -> Result<&Content, Denial> {
        let content = self.content.as_ref().ok_or(Denial::PaperHasNoFile)?;
        match content.scan {
            Scan::Clean => Ok(content),
            Scan::Unscanned | Scan::Waiting if unscanned_too => Ok(content),
            Scan::Unscanned | Scan::Waiting => Err(Denial::PaperNotScanned),
            Scan::Unfit(unfit) => Err(Denial::FileUnfit(unfit)),
        }
    }

    /// The same paper in another dossier, without its bytes being sent again. Only
    /// one that was filed: what is in a draft may still go away.
    pub fn reuse(
        &self,
        id: PaperId,
        dossier: DossierId,
        code: String,
        at: DateTime<Utc>,
    ) -> Result<Self, Denial> {
        if !self.filed {
            return Err(Denial::PaperNotFiled);
        }
        let content = self.content.clone().ok_or(Denial::PaperHasNoFile)?;
        if let Scan::Unfit(unfit) = content.scan {
            return Err(Denial::FileUnfit(unfit));
        }
        Ok(Self {
            id,
            dossier,
            code,
            source: Source::Reused(self.id),
            content: Some(content),
            originals: 0,
            copies: 0,
            filed: false,
            created_at: at,
        })
    }

    /// Whether it stands for its component: what waits for the scanner does.
    pub fn counts(&self) -> bool {
        self.unfit().is_none()
    }

    /// Why its file is never served, if it is not.
    pub fn unfit(&self) -> Option<Unfit> {
        self.content.as_ref()?.scan.unfit()
    }
}
