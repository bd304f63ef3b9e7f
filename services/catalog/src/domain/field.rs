use motcua_ids::FieldId;

use super::Refusal;

/// A field (lĩnh vực) that procedures are grouped by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// The id.
    pub id: FieldId,
    /// Our own code, `ho-tich`. Unique, never changed.
    pub code: String,
    /// Tên lĩnh vực.
    pub name: String,
    /// Mã lĩnh vực of the national database, `G15-TP05`.
    pub national_code: Option<String>,
    /// Grows with every change.
    pub version: i64,
}

impl Field {
    /// What an editor shows to say which state was read.
    pub fn etag(&self) -> String {
        format!("v{}", self.version)
    }

    /// Refuses what was decided on a state that somebody changed in between.
    pub fn held_by(&self, etag: &str) -> Result<(), Refusal> {
        if etag.is_empty() || etag == self.etag() { Ok(()) } else { Err(Refusal::EtagMismatch) }
    }
}
