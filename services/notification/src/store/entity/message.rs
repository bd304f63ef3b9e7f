use sea_orm::entity::prelude::*;

/// One message to one person on one channel.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "message")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub event: Uuid,
    pub family: String,
    pub fact_version: i64,
    /// Nil where it is about none.
    pub dossier: Uuid,
    pub code: String,
    pub agency_path: String,
    pub topic: String,
    pub template: String,
    pub channel: String,
    /// Blind index of who is reached.
    pub recipient: Vec<u8>,
    /// Whose inbox it is in, or whose dossier it is about; none without an account.
    pub account: Option<Uuid>,
    /// Address, title and text as JSON, sealed.
    pub written: Vec<u8>,
    /// Its place among the person's channels where they take turns; to older binaries, which
    /// know nothing of turns, its timer says all the same when it goes.
    pub turn: Option<i32>,
    pub expires_at: Option<ChronoDateTimeUtc>,
    /// Blind index of who is told what; none of what was written before there was one.
    pub words: Option<Vec<u8>>,
    pub state: String,
    pub attempts: i32,
    /// When it was handed over, delivered or given up.
    pub ended_at: Option<ChronoDateTimeUtc>,
    pub failure: Option<String>,
    /// `awaited` of what a provider has and has said no more of; to older binaries, which know
    /// nothing of receipts, its state says that it was handed over.
    pub receipt: Option<String>,
    /// Who took it, by our word.
    pub provider: Option<String>,
    /// By what they know it.
    pub provider_id: Option<String>,
    pub segments: Option<i32>,
    pub sent_at: Option<ChronoDateTimeUtc>,
    /// How long handing it over took.
    pub took_ms: Option<i64>,
    /// When a report said of it that there is nobody at its address.
    pub gone_at: Option<ChronoDateTimeUtc>,
    /// When whoever got it, and has no account, wanted no more than must be told.
    pub unsubscribed_at: Option<ChronoDateTimeUtc>,
    pub created_at: ChronoDateTimeUtc,
    pub read_at: Option<ChronoDateTimeUtc>,
    pub version: i64,
}

impl ActiveModelBehavior for ActiveModel {}
