use sea_orm::entity::prelude::*;

/// Whether an operator has taken a provider out.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "provider_switch")]
pub struct Model {
    /// Our word for it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub provider: String,
    pub out: bool,
    /// Who turned it last.
    pub by: String,
    pub reason: String,
    pub at: ChronoDateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
