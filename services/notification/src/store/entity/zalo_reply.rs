use sea_orm::entity::prelude::*;

/// What is to be said in a conversation; gone once it was.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "zalo_reply")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// To whom and what as JSON, sealed.
    pub saying: Vec<u8>,
    pub attempts: i32,
    pub created_at: ChronoDateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
