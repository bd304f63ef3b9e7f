use sea_orm::entity::prelude::*;

/// A dossier. `person` and `answers` are sealed; the indexes are blind.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "dossiers")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub version: i64,
    pub state: String,
    #[sea_orm(unique)]
    pub code: Option<String>,
    pub procedure: Uuid,
    pub procedure_version: Uuid,
    pub procedure_number: String,
    pub procedure_name: String,
    pub case_code: String,
    pub channel: String,
    pub account: Option<Uuid>,
    pub receiving: Uuid,
    pub receiving_path: String,
    pub receiving_code: String,
    pub competent: Uuid,
    pub competent_path: String,
    pub finance: String,
    pub delivery: String,
    pub sync: String,
    pub created_at: ChronoDateTimeUtc,
    pub submitted_at: Option<ChronoDateTimeUtc>,
    pub reply_due_at: Option<ChronoDateTimeUtc>,
    pub accepted_by: Option<Uuid>,
    pub accepted_at: Option<ChronoDateTimeUtc>,
    pub legal_due_at: Option<ChronoDateTimeUtc>,
    pub promised_due_at: Option<ChronoDateTimeUtc>,
    pub rounds: i32,
    pub pending_ask: Option<Uuid>,
    pub withdrawal_at: Option<ChronoDateTimeUtc>,
    pub resume: Option<String>,
    pub result: Option<Uuid>,
    pub result_at: Option<ChronoDateTimeUtc>,
    pub returned_by: Option<Uuid>,
    pub returned_at: Option<ChronoDateTimeUtc>,
    pub returned_way: Option<String>,
    pub stop_cause: Option<String>,
    pub ended_at: Option<ChronoDateTimeUtc>,
    pub process_version: i64,
    pub payment_version: i64,
    pub payment_due_at: Option<ChronoDateTimeUtc>,
    pub payment_resume: Option<String>,
    pub return_way: String,
    pub person: Vec<u8>,
    pub answers: Option<Vec<u8>>,
    pub phone_index: Option<Vec<u8>>,
    pub citizen_index: Option<Vec<u8>>,
    pub factors: Vec<u8>,
}

impl ActiveModelBehavior for ActiveModel {}
