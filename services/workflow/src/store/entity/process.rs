use sea_orm::entity::prelude::*;

/// A process; its id is its dossier's.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "process")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub code: String,
    pub procedure: Uuid,
    pub procedure_version: Uuid,
    pub case_code: String,
    pub online: bool,
    pub receiving: String,
    pub competent: String,
    pub applicant: Option<Uuid>,
    pub accepted_at: ChronoDateTimeUtc,
    pub state: String,
    pub legal_due_at: Option<ChronoDateTimeUtc>,
    pub promised_due_at: Option<ChronoDateTimeUtc>,
    /// The steps, as JSON; written once.
    #[sea_orm(column_type = "Text")]
    pub definition: String,
    /// Calendar, policy and limit, as JSON; written once.
    #[sea_orm(column_type = "Text")]
    pub clock_rules: String,
    /// What happened to the clock, as JSON.
    #[sea_orm(column_type = "Text")]
    pub clock_acts: String,
    /// See the domain's `Progress`, as JSON.
    #[sea_orm(column_type = "Text")]
    pub progress: String,
    pub version: i64,
}

impl ActiveModelBehavior for ActiveModel {}
