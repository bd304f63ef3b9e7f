use sea_orm::entity::prelude::*;

/// A paper of a dossier. `file_name` is sealed.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "papers")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub dossier: Uuid,
    pub code: String,
    pub source: String,
    pub reused_from: Option<Uuid>,
    pub file: Option<Uuid>,
    pub file_name: Option<Vec<u8>>,
    pub media_type: Option<String>,
    pub size: i64,
    pub sha256: Option<Vec<u8>>,
    pub scan: Option<String>,
    pub originals: i32,
    pub copies: i32,
    pub filed: bool,
    pub account: Option<Uuid>,
    pub created_at: ChronoDateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
