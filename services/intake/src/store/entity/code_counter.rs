use sea_orm::entity::prelude::*;

/// The last order number an agency gave out on a day of Viet Nam.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "code_counters")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub agency: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub day: ChronoDate,
    pub n: i64,
    /// The first number of the day; none in rows from before it was kept.
    pub first: Option<i64>,
}

impl ActiveModelBehavior for ActiveModel {}
