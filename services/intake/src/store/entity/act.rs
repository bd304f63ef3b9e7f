use sea_orm::entity::prelude::*;

/// One act of the timeline, by the version it led to. `reason` is sealed.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "acts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub dossier: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub version: i64,
    pub at: ChronoDateTimeUtc,
    pub verb: String,
    pub state: String,
    pub capacity: String,
    pub actor: Option<Uuid>,
    pub reason: Option<Vec<u8>>,
}

impl ActiveModelBehavior for ActiveModel {}
