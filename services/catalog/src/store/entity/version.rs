use sea_orm::entity::prelude::*;

/// One version of a procedure: its text as one document, and beside it what is
/// listed, filtered and searched by.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "procedure_version")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub procedure: Uuid,
    pub number: String,
    pub revision: i32,
    pub state: String,
    pub edits: i64,
    pub effective_from: Option<Date>,
    pub published_at: Option<ChronoDateTimeUtc>,
    pub name: String,
    pub field: Uuid,
    pub level: String,
    pub audiences: Json,
    pub service_level: String,
    pub legacy_level: Option<i32>,
    pub front_door: String,
    pub internal: bool,
    pub keywords: Json,
    pub agencies: Json,
    pub content: Json,
}

impl ActiveModelBehavior for ActiveModel {}
