use sea_orm::entity::prelude::*;

/// An officer's roles, as identity last told them.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "officer")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub account: Uuid,
    /// The account's version in the newest fact.
    pub version: i64,
    pub disabled: bool,
    /// Pairs of role and agency, as JSON.
    #[sea_orm(column_type = "Text")]
    pub grants: String,
    /// The last local day on which a digest was counted for them, in days since 1970.
    pub digest_day: i32,
}

impl ActiveModelBehavior for ActiveModel {}
