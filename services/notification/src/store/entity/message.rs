use sea_orm::entity::prelude::*;

/// One message to one person on one channel.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "message")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub event: Uuid,
    pub family: String,
    pub fact_version: i64,
    pub dossier: Uuid,
    pub code: String,
    pub agency_path: String,
    pub topic: String,
    pub template: String,
    pub channel: String,
    /// Blind index of who is reached.
    pub recipient: Vec<u8>,
    /// Whose inbox it is in, or whose dossier it is about; none without an account.
    pub account: Option<Uuid>,
    /// Address, title and text as JSON, sealed.
    pub written: Vec<u8>,
    pub state: String,
    pub attempts: i32,
    /// When it was delivered or given up.
    pub ended_at: Option<ChronoDateTimeUtc>,
    pub failure: Option<String>,
    pub created_at: ChronoDateTimeUtc,
    pub read_at: Option<ChronoDateTimeUtc>,
    pub version: i64,
}

impl ActiveModelBehavior for ActiveModel {}
