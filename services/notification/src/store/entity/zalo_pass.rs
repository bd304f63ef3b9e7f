use sea_orm::entity::prelude::*;

/// What we are known by at Zalo.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "zalo_pass")]
pub struct Model {
    /// The app there.
    #[sea_orm(primary_key, auto_increment = false)]
    pub app: String,
    /// Its tokens as JSON, sealed.
    pub tokens: Vec<u8>,
    pub renewed_at: ChronoDateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
