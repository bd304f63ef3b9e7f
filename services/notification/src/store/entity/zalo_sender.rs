use sea_orm::entity::prelude::*;

/// To whom at Zalo a message came: by it a picture finds its dossier.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "zalo_sender")]
pub struct Model {
    /// Made of the message's number at Zalo: the same told twice is one.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Blind index of the person's number at the official account.
    pub person: Vec<u8>,
    /// That number as JSON, sealed.
    pub known: Vec<u8>,
    /// The message, by Zalo's number: which of ours it is may not be known yet.
    pub provider_id: String,
    pub told_at: ChronoDateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
