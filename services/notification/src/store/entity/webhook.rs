use sea_orm::entity::prelude::*;

/// Where an organisation's own system is told.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "webhook")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Whose dossiers it is told of.
    pub account: Uuid,
    /// The address, its secrets and how it does as JSON, sealed.
    pub hook: Vec<u8>,
    pub created_at: ChronoDateTimeUtc,
    pub version: i64,
}

impl ActiveModelBehavior for ActiveModel {}
