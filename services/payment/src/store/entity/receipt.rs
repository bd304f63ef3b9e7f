use sea_orm::entity::prelude::*;

/// A receipt.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "receipt")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub fee_order: Uuid,
    pub series: String,
    pub number: i64,
    pub kind: String,
    pub amount: i64,
    pub issued_at: ChronoDateTimeUtc,
    pub cancelled_at: Option<ChronoDateTimeUtc>,
    pub cancelled_by: Option<Uuid>,
    pub cancel_reason: Option<Vec<u8>>,
    pub replaced_by: Option<Uuid>,
    /// What it says, sealed; none: not kept yet, or issued before it was.
    pub bill: Option<Vec<u8>>,
}

impl ActiveModelBehavior for ActiveModel {}
