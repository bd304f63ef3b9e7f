use sea_orm::entity::prelude::*;

/// Money that came or went by a statement.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "statement_entry")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The first that had it.
    pub statement: Uuid,
    pub line: i32,
    pub account: String,
    pub day: ChronoDate,
    pub amount: i64,
    pub bank_reference: String,
    pub nth: i32,
    /// Sealed: people write their names into it.
    pub memo: Vec<u8>,
    pub reversal: bool,
    pub state: String,
    pub payment: Option<Uuid>,
    pub refund: Option<Uuid>,
}

impl ActiveModelBehavior for ActiveModel {}
