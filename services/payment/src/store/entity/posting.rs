use sea_orm::entity::prelude::*;

/// One side of a transfer in the books. Rows are added and never changed.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "posting")]
pub struct Model {
    /// All sides of one movement bear one.
    #[sea_orm(primary_key, auto_increment = false)]
    pub entry: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub line: i32,
    pub what: String,
    pub at: ChronoDateTimeUtc,
    /// The local day.
    pub day: ChronoDate,
    /// None where it is about a till.
    pub fee_order: Option<Uuid>,
    pub agency_path: String,
    pub account: String,
    /// The fee's code; empty where the account is not kept by fees.
    pub fee: String,
    pub till: Option<Uuid>,
    /// Debit above nothing, credit below.
    pub amount: i64,
}

impl ActiveModelBehavior for ActiveModel {}
