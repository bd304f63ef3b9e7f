use sea_orm::entity::prelude::*;

/// A rule by which people pay less.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "fee_policy")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub valid_from: ChronoDate,
    /// The last day that holds; what `terms` says is the one that was published.
    pub valid_to: Option<ChronoDate>,
    /// What it says, as JSON.
    pub terms: String,
    pub published_by: Option<Uuid>,
    pub published_at: ChronoDateTimeUtc,
    /// Who set the last day behind the publication, and when.
    pub ended_by: Option<Uuid>,
    pub ended_at: Option<ChronoDateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
