use motcua_ids::FieldId;

/// A field (lĩnh vực) that procedures are grouped by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    pub id: FieldId,
    /// Our own code, `ho-tich`. Unique, never changed.
    pub code: String,
    pub name: String,
    /// Mã lĩnh vực of the national database, `G15-TP05`.
    pub national_code: Option<String>,
    pub version: i64,
}
