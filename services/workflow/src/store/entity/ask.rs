use sea_orm::entity::prelude::*;

/// An ask for a supplement.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ask")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub process: Uuid,
    pub task: Uuid,
    /// Reasons and papers as JSON, sealed.
    pub words: Vec<u8>,
    pub asked_by: Uuid,
    pub asked_at: ChronoDateTimeUtc,
    pub state: String,
}

impl ActiveModelBehavior for ActiveModel {}
