use sea_orm::entity::prelude::*;

/// A short message that somebody sent to us.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "inquiry")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Blind index of the telephone.
    pub asker: Vec<u8>,
    /// Blind index of the telephone and what it said.
    pub words: Vec<u8>,
    /// The two minutes it was heard in: what is said twice within them is said once.
    pub slot: i64,
    /// Telephone and text as JSON, sealed.
    pub said: Vec<u8>,
    /// Whether nobody knows what is asked.
    pub unclear: bool,
    pub heard_at: ChronoDateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
