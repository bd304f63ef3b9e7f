use sea_orm::entity::prelude::*;

/// A person at a provider, and the account that is theirs here. The subject lies in `sealed`; its
/// index is blind.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "external_link")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub account: Uuid,
    pub issuer: String,
    pub subject_index: Vec<u8>,
    pub sealed: Vec<u8>,
    pub linked_at: ChronoDateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
