use sea_orm::entity::prelude::*;

/// A line of the control slip.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "act")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub process: Uuid,
    /// The process's version that the act made.
    pub version: i64,
    pub kind: String,
    pub done_at: ChronoDateTimeUtc,
    pub actor: Option<Uuid>,
    pub agency: Option<Uuid>,
    pub task: Option<Uuid>,
    pub step: Option<String>,
    pub to_step: Option<String>,
    pub to_account: Option<Uuid>,
    pub timeliness: Option<String>,
    /// The officer's words, sealed.
    pub reason: Option<Vec<u8>>,
}

impl ActiveModelBehavior for ActiveModel {}
