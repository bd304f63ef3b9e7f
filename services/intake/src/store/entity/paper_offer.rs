use sea_orm::entity::prelude::*;

/// A picture sent for a supplement, which nobody has confirmed yet.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "paper_offers")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub dossier: Uuid,
    /// The round of supplement that it answers.
    pub round: Uuid,
    pub file: Uuid,
    pub media_type: String,
    pub size: i64,
    pub sha256: Vec<u8>,
    pub scan: String,
    pub created_at: ChronoDateTimeUtc,
    pub expires_at: ChronoDateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
