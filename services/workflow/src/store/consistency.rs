//! What `motcua doctor --consistency` compares with the other services' stores:
//! facts without personal data, read in batches by growing ids.

use chrono::{DateTime, Utc};
use motcua_fault::Fault;
use motcua_ids::{FileId, Uuid};
use motcua_store::OrFault;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder,
    QuerySelect,
};

use super::entity::{act, ask, process, result, task};
use super::words::word;
use crate::domain::AskState;

/// A process, as far as others have to agree with it.
#[derive(Debug, Clone, FromQueryResult)]
pub struct ProcessFacts {
    /// Its id, which is its dossier's.
    pub id: Uuid,
    /// The dossier's code.
    pub code: String,
    /// The word of its state.
    pub state: String,
    /// By law.
    pub legal_due_at: Option<DateTime<Utc>>,
    /// As promised.
    pub promised_due_at: Option<DateTime<Utc>>,
}

/// A task that is not over.
#[derive(Debug, Clone, FromQueryResult)]
pub struct TaskFacts {
    /// Of which process.
    pub process: Uuid,
    /// The word of its state.
    pub state: String,
    /// Until when it is to be done.
    pub due_at: Option<DateTime<Utc>>,
}

/// A result with its bytes.
#[derive(Debug, Clone, FromQueryResult)]
pub struct ResultFacts {
    /// Its id.
    pub id: Uuid,
    /// Its bytes.
    pub file: Uuid,
    /// Their number, in octets.
    pub size_bytes: i64,
}

/// Of these dossiers' processes those that there are.
pub async fn processes(
    db: &impl ConnectionTrait,
    ids: &[Uuid],
) -> Result<Vec<ProcessFacts>, Fault> {
    let known = facts().filter(process::Column::Id.is_in(ids.iter().copied()));
    known.into_model().all(db).await.or_fault()
}

/// The processes behind an id, `limit` at the most.
pub async fn processes_behind(
    db: &impl ConnectionTrait,
    after: Uuid,
    limit: u64,
) -> Result<Vec<ProcessFacts>, Fault> {
    facts().filter(process::Column::Id.gt(after)).limit(limit).into_model().all(db).await.or_fault()
}

fn facts() -> sea_orm::Select<process::Entity> {
    use process::Column as C;
    process::Entity::find()
        .select_only()
        .columns([C::Id, C::Code, C::State, C::LegalDueAt, C::PromisedDueAt])
        .order_by_asc(C::Id)
}

/// The tasks of these processes that are not over.
pub async fn open_tasks(
    db: &impl ConnectionTrait,
    processes: &[Uuid],
) -> Result<Vec<TaskFacts>, Fault> {
    task::Entity::find()
        .select_only()
        .columns([task::Column::Process, task::Column::State, task::Column::DueAt])
        .filter(task::Column::Process.is_in(processes.iter().copied()))
        .filter(task::Column::IsOpen.eq(true))
        .into_model()
        .all(db)
        .await
        .or_fault()
}

/// Which of these processes have an ask that the desk has not decided on.
pub async fn asking(db: &impl ConnectionTrait, processes: &[Uuid]) -> Result<Vec<Uuid>, Fault> {
    ask::Entity::find()
        .select_only()
        .column(ask::Column::Process)
        .filter(ask::Column::Process.is_in(processes.iter().copied()))
        .filter(ask::Column::State.eq(word(&AskState::Pending)?))
        .into_tuple()
        .all(db)
        .await
        .or_fault()
}

/// The processes of the acts of this kind, one entry an act.
pub async fn acts(
    db: &impl ConnectionTrait,
    processes: &[Uuid],
    kind: &str,
) -> Result<Vec<Uuid>, Fault> {
    act::Entity::find()
        .select_only()
        .column(act::Column::Process)
        .filter(act::Column::Process.is_in(processes.iter().copied()))
        .filter(act::Column::Kind.eq(kind))
        .into_tuple()
        .all(db)
        .await
        .or_fault()
}

/// The results behind an id, `limit` at the most.
pub async fn results(
    db: &impl ConnectionTrait,
    after: Uuid,
    limit: u64,
) -> Result<Vec<ResultFacts>, Fault> {
    result::Entity::find()
        .select_only()
        .columns([result::Column::Id, result::Column::File, result::Column::SizeBytes])
        .filter(result::Column::Id.gt(after))
        .order_by_asc(result::Column::Id)
        .limit(limit)
        .into_model()
        .all(db)
        .await
        .or_fault()
}

/// Which of these results were approved, and of which process.
pub async fn approved(
    db: &impl ConnectionTrait,
    results: &[Uuid],
) -> Result<Vec<(Uuid, Uuid)>, Fault> {
    result::Entity::find()
        .select_only()
        .columns([result::Column::Id, result::Column::Process])
        .filter(result::Column::Id.is_in(results.iter().copied()))
        .filter(result::Column::ApprovedAt.is_not_null())
        .into_tuple()
        .all(db)
        .await
        .or_fault()
}

/// Which of these files a result names.
pub async fn named(db: &impl ConnectionTrait, files: &[FileId]) -> Result<Vec<FileId>, Fault> {
    let found: Vec<Uuid> = result::Entity::find()
        .select_only()
        .column(result::Column::File)
        .filter(result::Column::File.is_in(files.iter().map(|file| file.uuid())))
        .into_tuple()
        .all(db)
        .await
        .or_fault()?;
    Ok(found.into_iter().map(FileId::new).collect())
}
