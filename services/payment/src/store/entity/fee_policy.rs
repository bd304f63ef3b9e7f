use sea_orm::entity::prelude::*;

/// A rule by which people pay less.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "fee_policy")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub valid_from: ChronoDate,
    pub valid_to: Option<ChronoDate>,
    /// What it says, as JSON.
    pub terms: String,
    pub published_by: Option<Uuid>,
    pub published_at: ChronoDateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
