use sea_orm::entity::prelude::*;

/// A role that an officer holds in an agency.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "role_grant")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub account: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub role: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub agency: Uuid,
    pub granted_at: ChronoDateTimeUtc,
    pub granted_by: Option<Uuid>,
}

impl ActiveModelBehavior for ActiveModel {}
