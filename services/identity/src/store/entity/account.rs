use sea_orm::entity::prelude::*;

/// An account. What is personal lies in `sealed`; the indexes are blind.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "account")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub kind: String,
    pub state: String,
    pub disabled_at: Option<ChronoDateTimeUtc>,
    pub disabled_by: Option<Uuid>,
    /// The employing agency of an officer.
    pub agency: Option<Uuid>,
    pub phone_index: Option<Vec<u8>>,
    pub email_index: Option<Vec<u8>>,
    pub citizen_number_index: Option<Vec<u8>>,
    pub tax_code_index: Option<Vec<u8>>,
    /// Of a username or a client id.
    pub handle_index: Option<Vec<u8>>,
    pub sealed: Vec<u8>,
    pub password_hash: String,
    pub change_required: bool,
    /// Of a system's replaced secret, good until `previous_until`.
    pub previous_hash: Option<String>,
    pub previous_until: Option<ChronoDateTimeUtc>,
    pub tokens_revoked_at: Option<ChronoDateTimeUtc>,
    pub version: i64,
    pub created_at: ChronoDateTimeUtc,
    pub updated_at: ChronoDateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
