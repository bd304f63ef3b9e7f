use sea_orm::entity::prelude::*;

/// Money given back.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "refund")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub fee_order: Uuid,
    pub payment: Uuid,
    pub amount: i64,
    pub requested_by: Uuid,
    pub requested_at: ChronoDateTimeUtc,
    /// The officer's words, sealed.
    pub reason: Vec<u8>,
    pub state: String,
    pub decided_by: Option<Uuid>,
    pub decided_at: Option<ChronoDateTimeUtc>,
    pub refunded_at: Option<ChronoDateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
