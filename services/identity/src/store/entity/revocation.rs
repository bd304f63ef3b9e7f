use sea_orm::entity::prelude::*;

/// Tokens that stopped counting before they expired.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "revocation")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub session: Option<Uuid>,
    pub account: Option<Uuid>,
    pub revoked_at: ChronoDateTimeUtc,
    pub forget_at: ChronoDateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
