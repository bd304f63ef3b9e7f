use sea_orm::entity::prelude::*;

/// A procedure: its number and where its history stands.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "procedure")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub number: String,
    pub revisions: i32,
    pub newest_from: Option<Date>,
    pub draft: Option<Uuid>,
    pub abolished_on: Option<Date>,
    pub abolishing_decision: Option<String>,
    pub version: i64,
}

impl ActiveModelBehavior for ActiveModel {}
