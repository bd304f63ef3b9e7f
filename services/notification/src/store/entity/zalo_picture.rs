use sea_orm::entity::prelude::*;

/// A picture that somebody sent to the official account, until it is filed or dropped.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "zalo_picture")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Blind index of the sender's number at the official account.
    pub person: Vec<u8>,
    /// Sender, address and choices as JSON, sealed.
    pub shot: Vec<u8>,
    pub state: String,
    pub dossier: Option<Uuid>,
    /// What intake calls it.
    pub offer: Option<Uuid>,
    /// Made of the number of the message that answered.
    pub answer: Option<Uuid>,
    pub attempts: i32,
    pub heard_at: ChronoDateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
