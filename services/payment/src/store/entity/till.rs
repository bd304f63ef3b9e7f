use sea_orm::entity::prelude::*;

/// A cashier's closed day.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "till_closing")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub cashier: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub agency: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub day: ChronoDate,
    pub expected: i64,
    pub counted: i64,
    pub closed_at: ChronoDateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
