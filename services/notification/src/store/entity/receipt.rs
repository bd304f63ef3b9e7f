use sea_orm::entity::prelude::*;

/// What a provider said of a message that was not known yet.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "receipt")]
pub struct Model {
    /// Made of what it says: the same said twice is one.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub provider: String,
    pub provider_id: String,
    pub arrival: String,
    pub heard_at: ChronoDateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
