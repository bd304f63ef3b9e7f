use sea_orm::entity::prelude::*;

/// A drafted or approved result.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "result")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub process: Uuid,
    pub task: Uuid,
    pub outcome: String,
    pub file: Uuid,
    /// The file's name and the words of the decision as JSON, sealed.
    pub words: Vec<u8>,
    pub media_type: String,
    pub size_bytes: i64,
    pub sha256: Vec<u8>,
    pub scanned: bool,
    /// Absent in rows of an earlier release.
    pub scan: Option<String>,
    pub drafted_by: Uuid,
    pub drafted_at: ChronoDateTimeUtc,
    pub approved_by: Option<Uuid>,
    pub approved_at: Option<ChronoDateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
