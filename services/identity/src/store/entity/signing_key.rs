use sea_orm::entity::prelude::*;

/// A key that signs access tokens; the private half is sealed.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "signing_key")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub kid: String,
    #[sea_orm(unique)]
    pub generation: i64,
    pub public: Vec<u8>,
    pub sealed: Vec<u8>,
    pub sign_from: ChronoDateTimeUtc,
    pub retire_at: Option<ChronoDateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
