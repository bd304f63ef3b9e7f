use sea_orm::entity::prelude::*;

/// What the last look through the books found of one kind.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "books_finding")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub what: String,
    pub number: i64,
    pub checked_at: ChronoDateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
