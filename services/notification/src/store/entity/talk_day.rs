use sea_orm::entity::prelude::*;

/// What was said in conversations on one day.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "talk_day")]
pub struct Model {
    /// The local day, `YYYY-MM-DD`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub day: String,
    /// Messages that were taken.
    pub messages: i64,
}

impl ActiveModelBehavior for ActiveModel {}
