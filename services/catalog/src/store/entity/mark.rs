use sea_orm::entity::prelude::*;

/// One row: how often what is kept in memory was changed, by any process.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "mark")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i32,
    pub generation: i64,
}

impl ActiveModelBehavior for ActiveModel {}
