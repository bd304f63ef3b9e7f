use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use motcua_fault::Fault;
use motcua_ids::{AccountId, AgencyId, AgencyPath, ProcedureId, ProcessId, TaskId, Uuid};
use motcua_store::OrFault;
use sea_orm::sea_query::{Expr, ExprTrait, SimpleExpr};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select,
};
use serde::{Deserialize, Serialize};

use super::entity::{process, task};
use super::rows;
use super::words::word;
use crate::domain::{Role, TaskFacts, TaskView};

/// Tasks across processes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Queue;

/// Which tasks a list shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Which {
    /// Of a queue, those nobody works on.
    Waiting(Role, AgencyId),
    /// Of a queue, all that are not over.
    Open(Role, AgencyId),
    /// Those an officer works on.
    HeldBy(AccountId),
    /// Of an agency and all below it, all that are not over.
    Below(AgencyPath),
}

/// A task's place in a queue: online first, then due time. In what is overseen
/// the due time alone counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Position {
    rank: i16,
    due_key: i64,
    id: Uuid,
}

type FactsRow = (Uuid, String, Uuid, bool, Option<DateTime<Utc>>, i64);

impl Queue {
    /// A page of tasks, and where it ends.
    pub(crate) async fn page(
        self,
        db: &impl ConnectionTrait,
        which: Which,
        after: Option<Position>,
        limit: u64,
    ) -> Result<Vec<(Position, TaskView)>, Fault> {
        let found = query(which, after, limit)?.all(db).await.or_fault()?;
        let facts = facts(db, found.iter().map(|row| row.process)).await?;
        found
            .into_iter()
            .filter_map(|row| {
                let position = Position { rank: row.rank, due_key: row.due_key, id: row.id };
                let facts = facts.get(&row.process)?.clone();
                Some(rows::from_task_row(row).map(|task| (position, TaskView { task, facts })))
            })
            .collect()
    }

    /// The processes in which an officer holds a task, in the order in which they are locked.
    pub(crate) async fn processes_of(
        self,
        db: &impl ConnectionTrait,
        holder: AccountId,
    ) -> Result<Vec<ProcessId>, Fault> {
        let found: Vec<Uuid> = task::Entity::find()
            .filter(task::Column::Holder.eq(holder.uuid()))
            .filter(task::Column::IsOpen.eq(true))
            .select_only()
            .column(task::Column::Process)
            .distinct()
            .order_by_asc(task::Column::Process)
            .into_tuple()
            .all(db)
            .await
            .or_fault()?;
        Ok(found.into_iter().map(ProcessId::new).collect())
    }

    /// One task, if there is one.
    pub(crate) async fn find(
        self,
        db: &impl ConnectionTrait,
        id: TaskId,
    ) -> Result<Option<TaskView>, Fault> {
        let Some(row) = task::Entity::find_by_id(id.uuid()).one(db).await.or_fault()? else {
            return Ok(None);
        };
        let mut facts = facts(db, [row.process]).await?;
        let Some(facts) = facts.remove(&row.process) else { return Ok(None) };
        Ok(Some(TaskView { task: rows::from_task_row(row)?, facts }))
    }
}

fn query(which: Which, after: Option<Position>, limit: u64) -> Result<Select<task::Entity>, Fault> {
    use task::Column;
    let query = task::Entity::find();
    let of_queue = |query: Select<task::Entity>, role: &Role, agency: AgencyId| {
        Ok::<_, Fault>(
            query.filter(Column::Agency.eq(agency.uuid())).filter(Column::Role.eq(word(role)?)),
        )
    };
    // What is overseen is in the order of due times alone.
    let from = usize::from(matches!(which, Which::Below(_)));
    let query = match which {
        Which::Waiting(role, agency) => {
            of_queue(query, &role, agency)?.filter(Column::State.eq(rows::waiting()))
        }
        Which::Open(role, agency) => {
            of_queue(query, &role, agency)?.filter(Column::IsOpen.eq(true))
        }
        Which::HeldBy(account) => {
            query.filter(Column::Holder.eq(account.uuid())).filter(Column::IsOpen.eq(true))
        }
        // As the indexes of open tasks have it, word for word.
        Which::Below(path) => query
            .filter(Expr::col((task::Entity, Column::IsOpen)))
            .filter(Column::Post.starts_with(path.text())),
    };
    let order = &[Column::Rank, Column::DueKey, Column::Id][from..];
    let query = match after {
        None => query,
        Some(Position { rank, due_key, id }) => {
            let place = order.iter().map(|column| SimpleExpr::from(Expr::col(*column)));
            let values = [Expr::value(rank), Expr::value(due_key), Expr::value(id)];
            query.filter(Expr::tuple(place).gt(Expr::tuple(values.into_iter().skip(from))))
        }
    };
    Ok(order.iter().copied().fold(query, QueryOrder::order_by_asc).limit(limit))
}

async fn facts(
    db: &impl ConnectionTrait,
    processes: impl IntoIterator<Item = Uuid>,
) -> Result<BTreeMap<Uuid, TaskFacts>, Fault> {
    use process::Column;
    let rows: Vec<FactsRow> = process::Entity::find()
        .filter(Column::Id.is_in(processes))
        .select_only()
        .columns([
            Column::Id,
            Column::Code,
            Column::Procedure,
            Column::Online,
            Column::PromisedDueAt,
            Column::Version,
        ])
        .into_tuple()
        .all(db)
        .await
        .or_fault()?;
    let facts = rows.into_iter().map(|(id, code, procedure, online, promised_due_at, version)| {
        let process = ProcessId::new(id);
        let procedure = ProcedureId::new(procedure);
        (id, TaskFacts { process, code, procedure, online, promised_due_at, version })
    });
    Ok(facts.collect())
}

#[cfg(test)]
mod tests;
