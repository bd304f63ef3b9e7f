use sea_orm::entity::prelude::*;

/// Something that does not fit.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "discrepancy")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub kind: String,
    /// The entry, the refund, the statement or the payment: what is found once.
    pub subject: Uuid,
    pub agency_path: String,
    pub entry: Option<Uuid>,
    pub fee_order: Option<Uuid>,
    pub payment: Option<Uuid>,
    pub refund: Option<Uuid>,
    pub statement: Option<Uuid>,
    pub expected: i64,
    pub actual: i64,
    pub day: ChronoDate,
    pub bank_reference: String,
    pub found_at: ChronoDateTimeUtc,
    pub resolved_at: Option<ChronoDateTimeUtc>,
    pub resolved_by: Option<Uuid>,
    pub outcome: Option<String>,
    /// Sealed.
    pub words: Option<Vec<u8>>,
}

impl ActiveModelBehavior for ActiveModel {}
