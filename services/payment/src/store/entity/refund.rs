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
    /// Of this fee alone.
    pub fee_code: Option<String>,
    /// How much of each line, as JSON, once it is approved.
    pub parts: Option<String>,
    pub requested_by: Uuid,
    pub requested_at: ChronoDateTimeUtc,
    /// The officer's words, sealed.
    pub reason: Vec<u8>,
    pub state: String,
    pub decided_by: Option<Uuid>,
    pub decided_at: Option<ChronoDateTimeUtc>,
    pub refunded_at: Option<ChronoDateTimeUtc>,
    /// Since when the gateway is at it.
    pub taken_at: Option<ChronoDateTimeUtc>,
    /// The gateway's code where it does not give it back; empty: it never said.
    pub refused: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
