use sea_orm::entity::prelude::*;

/// The tries to sign in with one login, which is blind.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sign_in_try")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub login: Vec<u8>,
    pub tries: i32,
    pub since: ChronoDateTimeUtc,
    pub locked_until: Option<ChronoDateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
