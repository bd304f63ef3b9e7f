use motcua_fault::Fault;
use motcua_ids::{ProcessId, TaskId, Uuid};
use motcua_store::{OrFault, Tx};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select,
};

use super::entity::{process, task};
use super::rows;
use crate::domain::{Process, Refusal, Task};

/// The processes of the database, each whole with its tasks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Processes;

/// A process that nobody else changes until the write ends.
#[derive(Debug)]
pub(crate) struct Locked {
    /// As it is being changed.
    pub(crate) process: Process,
    version: i64,
    tasks: Vec<Task>,
}

impl Locked {
    /// The version it had when it was locked.
    pub(crate) fn version(&self) -> i64 {
        self.version
    }
}

impl Processes {
    /// The process, if there is one.
    pub(crate) async fn find(
        self,
        db: &impl ConnectionTrait,
        id: ProcessId,
    ) -> Result<Option<Process>, Fault> {
        one(db, process::Entity::find_by_id(id.uuid())).await
    }

    /// The process, or `PROCESS_NOT_FOUND`.
    pub(crate) async fn get(
        self,
        db: &impl ConnectionTrait,
        id: ProcessId,
    ) -> Result<Process, Fault> {
        Ok(self.find(db, id).await?.ok_or(Refusal::ProcessUnknown)?)
    }

    /// The process a task belongs to, or `TASK_NOT_FOUND`.
    pub(crate) async fn of_task(
        self,
        db: &impl ConnectionTrait,
        id: TaskId,
    ) -> Result<ProcessId, Fault> {
        let found: Option<Uuid> = task::Entity::find_by_id(id.uuid())
            .select_only()
            .column(task::Column::Process)
            .into_tuple()
            .one(db)
            .await
            .or_fault()?;
        Ok(found.map(ProcessId::new).ok_or(Refusal::TaskUnknown)?)
    }

    /// The process, held until the write ends; none if there is none.
    pub(crate) async fn try_lock(self, tx: &Tx, id: ProcessId) -> Result<Option<Locked>, Fault> {
        let held = process::Entity::find_by_id(id.uuid()).lock_exclusive();
        let found = one(tx.db(), held).await?;
        Ok(found.map(|process| Locked {
            version: process.version,
            tasks: process.tasks.clone(),
            process,
        }))
    }

    /// The process, held until the write ends, or `PROCESS_NOT_FOUND`.
    pub(crate) async fn lock(self, tx: &Tx, id: ProcessId) -> Result<Locked, Fault> {
        Ok(self.try_lock(tx, id).await?.ok_or(Refusal::ProcessUnknown)?)
    }

    /// Keeps a new process; answers it as one that is held.
    pub(crate) async fn insert(self, tx: &Tx, process: Process) -> Result<Locked, Fault> {
        let row = rows::to_row(&process)?;
        process::Entity::insert(row).exec_without_returning(tx.db()).await.or_fault()?;
        let held = Locked { process, version: 0, tasks: Vec::new() };
        save_tasks(tx, &held).await?;
        Ok(held)
    }

    /// Keeps a changed process, with the tasks that changed.
    pub(crate) async fn save(self, tx: &Tx, held: &Locked) -> Result<(), Fault> {
        let updated = process::Entity::update_many()
            .set(rows::to_changes(&held.process)?)
            .filter(process::Column::Id.eq(held.process.id().uuid()))
            .filter(process::Column::Version.eq(held.version))
            .exec(tx.db())
            .await
            .or_fault()?;
        if updated.rows_affected != 1 {
            return Err(Refusal::EtagMismatch { current: held.version }.into());
        }
        save_tasks(tx, held).await
    }
}

async fn save_tasks(tx: &Tx, held: &Locked) -> Result<(), Fault> {
    let (id, online) = (held.process.id(), held.process.filing.online);
    let changed = held.process.tasks.iter().enumerate();
    let changed: Vec<_> = changed
        .filter(|(position, task)| held.tasks.get(*position) != Some(task))
        .map(|(position, task)| rows::to_task_row(id, online, position, task))
        .collect::<Result<_, _>>()?;
    if changed.is_empty() {
        return Ok(());
    }
    let again = OnConflict::column(task::Column::Id)
        .update_columns([
            task::Column::DueAt,
            task::Column::NearAt,
            task::Column::State,
            task::Column::IsOpen,
            task::Column::Holder,
            task::Column::HeldSince,
            task::Column::EndedAt,
            task::Column::EndedHow,
            task::Column::Timeliness,
            task::Column::DueKey,
        ])
        .to_owned();
    task::Entity::insert_many(changed)
        .on_conflict(again)
        .exec_without_returning(tx.db())
        .await
        .or_fault()?;
    Ok(())
}

async fn one(
    db: &impl ConnectionTrait,
    query: Select<process::Entity>,
) -> Result<Option<Process>, Fault> {
    let Some(row) = query.one(db).await.or_fault()? else { return Ok(None) };
    let tasks = task::Entity::find()
        .filter(task::Column::Process.eq(row.id))
        .order_by_asc(task::Column::Position)
        .all(db)
        .await
        .or_fault()?;
    rows::from_row(row, tasks).map(Some)
}
