use sea_orm::entity::prelude::*;

/// One revision of a working calendar.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "calendar")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub code: String,
    pub revision: i32,
    pub valid_from: Date,
    pub agencies: Json,
    pub data: Json,
    pub published_at: ChronoDateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
