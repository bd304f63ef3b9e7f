use sea_orm::entity::prelude::*;

/// How a person wants to be told.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "preference")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub account: Uuid,
    pub sms: String,
    pub email: String,
    /// None: nobody chose, or an older binary wrote it first.
    pub zalo: Option<String>,
    /// None: nobody chose.
    pub first: Option<String>,
    /// None of what was kept before there were two.
    pub language: Option<String>,
    /// None: nobody chose, or an older binary wrote it first.
    pub digest: Option<bool>,
    pub version: i64,
}

impl ActiveModelBehavior for ActiveModel {}
