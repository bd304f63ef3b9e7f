use sea_orm::entity::prelude::*;

/// What is owed for one dossier; its id is the dossier's.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "fee_order")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub version: i64,
    pub state: String,
    pub code: String,
    pub procedure_version: Uuid,
    pub procedure: String,
    /// The receiving agency, which collects.
    pub collecting: Uuid,
    /// The same, and its ancestors.
    pub collecting_path: String,
    pub collecting_code: String,
    pub competent_path: String,
    /// Who filed it, where they have an account.
    pub payer: Option<Uuid>,
    pub online: bool,
    pub accepted_at: ChronoDateTimeUtc,
    /// The lines as JSON.
    pub lines: String,
    pub due_at: Option<ChronoDateTimeUtc>,
    pub settled_at: Option<ChronoDateTimeUtc>,
    /// When the dossier ended, if it was paid by then.
    pub ended_at: Option<ChronoDateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
