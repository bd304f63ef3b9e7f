use sea_orm::entity::prelude::*;

/// What a person is reminded of, and whether it is awaited still.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "reminder")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub awaited: String,
    pub dossier: Uuid,
    pub code: String,
    pub version: i64,
    pub amount_vnd: i64,
    pub before_acceptance: bool,
    pub due_at: ChronoDateTimeUtc,
    pub open: bool,
}

impl ActiveModelBehavior for ActiveModel {}
