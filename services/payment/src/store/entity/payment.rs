use sea_orm::entity::prelude::*;

/// One attempt to pay.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "payment")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub fee_order: Uuid,
    pub method: String,
    pub gateway: Option<String>,
    /// By which it is known again outside.
    pub reference: Option<String>,
    pub amount: i64,
    pub created_at: ChronoDateTimeUtc,
    pub expires_at: ChronoDateTimeUtc,
    pub till: Option<Uuid>,
    pub state: String,
    pub settled_at: Option<ChronoDateTimeUtc>,
    pub transaction_no: Option<String>,
    /// Whether it paid what was owed.
    pub owed: Option<bool>,
    pub declined: Option<String>,
    /// When the gateway was found to see it as we do.
    pub confirmed_at: Option<ChronoDateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
