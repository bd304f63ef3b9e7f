//! What `motcua doctor --consistency` compares with the other services' stores:
//! facts without personal data, read in batches by growing ids.

use chrono::{DateTime, NaiveDate, Utc};
use motcua_fault::Fault;
use motcua_ids::{FileId, Uuid};
use motcua_store::OrFault;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder,
    QuerySelect,
};

use super::{
    entity::{code_counter, dossier, paper, supplement},
    offers,
};
use crate::domain::{Channel, RoundState};

/// A dossier, as far as others have to agree with it.
#[derive(Debug, Clone, FromQueryResult)]
pub struct DossierFacts {
    /// Its id.
    pub id: Uuid,
    /// The word of its state.
    pub state: String,
    /// Mã hồ sơ.
    pub code: Option<String>,
    /// The word of its channel.
    pub channel: String,
    /// Whose it is, where they have an account.
    pub account: Option<Uuid>,
    /// Identifier code of the receiving agency.
    pub receiving_code: String,
    /// When it was filed, or brought.
    pub submitted_at: Option<DateTime<Utc>>,
    /// Until when the desk has to answer.
    pub reply_due_at: Option<DateTime<Utc>>,
    /// When it was accepted.
    pub accepted_at: Option<DateTime<Utc>>,
    /// By law.
    pub legal_due_at: Option<DateTime<Utc>>,
    /// As promised.
    pub promised_due_at: Option<DateTime<Utc>>,
    /// When the withdrawal was asked for that nobody has answered.
    pub withdrawal_at: Option<DateTime<Utc>>,
    /// The result at the desk.
    pub result: Option<Uuid>,
    /// The word of why it stops, or stopped.
    pub stop_cause: Option<String>,
}

impl DossierFacts {
    /// Whether its writer filed it online: that is said, and its code minted then.
    pub fn is_online(&self) -> bool {
        Channel::parse(&self.channel) == Some(Channel::Online)
    }
}

/// A paper with bytes.
#[derive(Debug, Clone, FromQueryResult)]
pub struct PaperFacts {
    /// Its id.
    pub id: Uuid,
    /// Its bytes.
    pub file: Uuid,
    /// Their number, in octets.
    pub size: i64,
}

/// The last number an agency gave out on a day.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Counter {
    /// Its identifier code.
    pub agency: String,
    /// The day in Viet Nam.
    pub day: NaiveDate,
    /// The number.
    pub n: i64,
    /// The first one; `None`: of a day before that was kept.
    pub first: Option<i64>,
}

/// The dossiers behind an id, `limit` at the most.
pub async fn dossiers(
    db: &impl ConnectionTrait,
    after: Uuid,
    limit: u64,
) -> Result<Vec<DossierFacts>, Fault> {
    facts().filter(dossier::Column::Id.gt(after)).limit(limit).into_model().all(db).await.or_fault()
}

/// Those of these dossiers that there are.
pub async fn known(db: &impl ConnectionTrait, ids: &[Uuid]) -> Result<Vec<DossierFacts>, Fault> {
    let known = facts().filter(dossier::Column::Id.is_in(ids.iter().copied()));
    known.into_model().all(db).await.or_fault()
}

fn facts() -> sea_orm::Select<dossier::Entity> {
    use dossier::Column as C;
    dossier::Entity::find()
        .select_only()
        .columns([C::Id, C::State, C::Code, C::Channel, C::Account, C::ReceivingCode])
        .columns([C::SubmittedAt, C::ReplyDueAt, C::AcceptedAt, C::LegalDueAt, C::PromisedDueAt])
        .columns([C::WithdrawalAt, C::Result, C::StopCause])
        .order_by_asc(C::Id)
}

/// Which of these dossiers wait for the citizen, one entry a round.
pub async fn asked(db: &impl ConnectionTrait, dossiers: &[Uuid]) -> Result<Vec<Uuid>, Fault> {
    supplement::Entity::find()
        .select_only()
        .column(supplement::Column::Dossier)
        .filter(supplement::Column::Dossier.is_in(dossiers.iter().copied()))
        .filter(supplement::Column::State.eq(RoundState::Requested.as_str()))
        .into_tuple()
        .all(db)
        .await
        .or_fault()
}

/// The papers with bytes behind an id, `limit` at the most.
pub async fn papers(
    db: &impl ConnectionTrait,
    after: Uuid,
    limit: u64,
) -> Result<Vec<PaperFacts>, Fault> {
    paper::Entity::find()
        .select_only()
        .columns([paper::Column::Id, paper::Column::File, paper::Column::Size])
        .filter(paper::Column::Id.gt(after))
        .filter(paper::Column::File.is_not_null())
        .order_by_asc(paper::Column::Id)
        .limit(limit)
        .into_model()
        .all(db)
        .await
        .or_fault()
}

/// Which of these files a paper names, or an offer of one.
pub async fn named(db: &impl ConnectionTrait, files: &[FileId]) -> Result<Vec<FileId>, Fault> {
    let found: Vec<Uuid> = paper::Entity::find()
        .select_only()
        .column(paper::Column::File)
        .distinct()
        .filter(paper::Column::File.is_in(files.iter().map(|file| file.uuid())))
        .into_tuple()
        .all(db)
        .await
        .or_fault()?;
    let mut named: Vec<_> = found.into_iter().map(FileId::new).collect();
    named.extend(offers::named(db, files).await?);
    Ok(named)
}

/// Every counter of codes.
pub async fn counters(db: &impl ConnectionTrait) -> Result<Vec<Counter>, Fault> {
    code_counter::Entity::find().into_model().all(db).await.or_fault()
}
