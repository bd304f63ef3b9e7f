use sea_orm::entity::prelude::*;

/// A message came to a state.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "status")]
pub struct Model {
    /// In the order of writing, which is not that of committing.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// In the order of committing; none until it was given.
    pub seq: Option<i64>,
    pub message: Uuid,
    pub state: String,
    pub reason: String,
    pub at: ChronoDateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
