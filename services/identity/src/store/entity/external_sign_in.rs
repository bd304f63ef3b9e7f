use sea_orm::entity::prelude::*;

/// A ticket or a token that has opened a session, by its hash.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "external_sign_in")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub spent: Vec<u8>,
    pub session: Uuid,
    pub forget_at: ChronoDateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
