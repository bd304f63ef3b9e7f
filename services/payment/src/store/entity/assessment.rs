use sea_orm::entity::prelude::*;

/// What somebody found to be owed.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "assessment")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub fee_order: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub version: i64,
    pub at: ChronoDateTimeUtc,
    pub officer: Option<Uuid>,
    pub payable: i64,
    /// The officer's words, sealed; none where there are none.
    pub reason: Option<Vec<u8>>,
    /// The order's lines from then on, as JSON; none where it is older than the column.
    pub lines: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
