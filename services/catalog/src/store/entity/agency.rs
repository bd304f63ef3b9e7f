use sea_orm::entity::prelude::*;

/// An agency or a unit of one.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "agency")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub path: String,
    pub parent: Option<Uuid>,
    pub kind: String,
    pub identifier: Option<String>,
    pub name: String,
    pub unit_code: Option<String>,
    pub valid_from: Option<Date>,
    pub valid_to: Option<Date>,
    pub successor: Option<Uuid>,
    pub address: Option<String>,
    pub telephone: Option<String>,
    pub email: Option<String>,
    pub version: i64,
}

impl ActiveModelBehavior for ActiveModel {}
