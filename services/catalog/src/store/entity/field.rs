use sea_orm::entity::prelude::*;

/// A field of administration.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "field")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub code: String,
    pub name: String,
    pub national_code: Option<String>,
    pub version: i64,
}

impl ActiveModelBehavior for ActiveModel {}
