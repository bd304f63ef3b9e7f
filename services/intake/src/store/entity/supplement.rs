use sea_orm::entity::prelude::*;

/// One round of supplement. `reason` and `filed_answers` are sealed.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "supplements")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub dossier: Uuid,
    pub round: i32,
    pub state: String,
    pub before_acceptance: bool,
    pub papers: Json,
    pub answers: Json,
    pub ask: Option<Uuid>,
    pub requested_at: ChronoDateTimeUtc,
    pub deadline: ChronoDateTimeUtc,
    pub ended_at: Option<ChronoDateTimeUtc>,
    pub reason: Vec<u8>,
    pub filed_answers: Option<Vec<u8>>,
}

impl ActiveModelBehavior for ActiveModel {}
