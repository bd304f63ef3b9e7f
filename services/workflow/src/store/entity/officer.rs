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
}

impl ActiveModelBehavior for ActiveModel {}
