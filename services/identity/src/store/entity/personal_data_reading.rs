use sea_orm::entity::prelude::*;

/// One reading of one person's data.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "personal_data_reading")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub event: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub subject: Uuid,
    pub reader: Option<Uuid>,
    pub system: Option<String>,
    pub method: String,
    pub purpose: String,
    pub read_at: ChronoDateTimeUtc,
    /// Whether the subject is a dossier; otherwise it is an account.
    pub of_dossier: bool,
}

impl ActiveModelBehavior for ActiveModel {}
