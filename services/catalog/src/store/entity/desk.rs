use sea_orm::entity::prelude::*;

/// A desk.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "desk")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub code: String,
    pub agency: Uuid,
    pub name: String,
    pub address: Option<String>,
    pub telephone: Option<String>,
    pub valid_from: Option<Date>,
    pub valid_to: Option<Date>,
    pub version: i64,
}

impl ActiveModelBehavior for ActiveModel {}
