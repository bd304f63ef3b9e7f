use sea_orm::entity::prelude::*;

/// A bank's statement that was imported.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "statement")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub imported_by: Option<Uuid>,
    pub imported_at: ChronoDateTimeUtc,
    pub agency_path: String,
    pub first_day: Option<ChronoDate>,
    pub last_day: Option<ChronoDate>,
    pub entries: i64,
    pub new_entries: i64,
    /// None of these where it was imported before they were kept; a form is always known since.
    pub form: Option<String>,
    pub account: Option<String>,
    pub opening: Option<i64>,
    pub closing: Option<i64>,
}

impl ActiveModelBehavior for ActiveModel {}
