use sea_orm::entity::prelude::*;

/// One revision of a clock policy.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "policy")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub code: String,
    pub revision: i32,
    pub valid_from: Date,
    pub scope: Json,
    pub data: Json,
    pub notes: Json,
    pub published_at: ChronoDateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
