//! What awaits officers, counted by indexes that have no more in them than is open.

use std::collections::BTreeMap;

use motcua_fault::Fault;
use motcua_ids::{AccountId, AgencyId, AgencyPath, ProcessId, Uuid};
use motcua_store::OrFault;
use sea_orm::{ConnectionTrait, FromQueryResult, Statement, Value};

use super::words::{from_word, word};
use crate::domain::{Load, Morning, Pressing, Role};

/// By the index `task_held`. What is put by while the citizen is asked does not press.
const HELD: &str = "SELECT role, COUNT(*) AS tasks, \
         COUNT(CASE WHEN due_key < $2 THEN 1 END) AS before_now, \
         COUNT(CASE WHEN due_key < $3 THEN 1 END) AS before_the_end \
     FROM task WHERE holder = $1 AND is_open = true AND state = 'held' GROUP BY role";
/// By the index `task_queue`.
const QUEUED: &str = "SELECT role, COUNT(*) AS tasks, \
         COUNT(CASE WHEN due_key < $3 THEN 1 END) AS before_now, \
         COUNT(CASE WHEN due_key < $4 THEN 1 END) AS before_the_end \
     FROM task WHERE agency = $1 AND role = $2 AND state = 'waiting' GROUP BY role";
/// By the index `task_held`.
const HELD_URGENT: &str = "SELECT t.process AS process, p.code AS code, t.due_key AS due_key \
     FROM task t JOIN process p ON p.id = t.process \
     WHERE t.holder = $1 AND t.is_open = true AND t.state = 'held' AND t.due_key < $2 \
     ORDER BY t.due_key, t.id LIMIT 5";
/// By the index `task_queue`.
const QUEUED_URGENT: &str = "SELECT t.process AS process, p.code AS code, t.due_key AS due_key \
     FROM task t JOIN process p ON p.id = t.process \
     WHERE t.agency = $1 AND t.role = $2 AND t.state = 'waiting' AND t.due_key < $3 \
     ORDER BY t.due_key, t.id LIMIT 5";
/// By the index `process_desk`, whose condition stands in the text.
const AT_DESK: &str = "SELECT COUNT(*) AS n FROM (SELECT 1 FROM process \
     WHERE receiving = $1 AND state = 'finished' LIMIT 10000) AS looked";
/// By the index `process_due`, whose condition stands in the text.
const LATE: &str = "SELECT competent, COUNT(*) AS n FROM process \
     WHERE state = 'running' AND promised_due_at < $1 GROUP BY competent";

/// Tasks and dossiers, counted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Loads;

#[derive(Debug, FromQueryResult)]
struct Counted {
    role: String,
    tasks: i64,
    before_now: i64,
    before_the_end: i64,
}

#[derive(Debug, FromQueryResult)]
struct Urgent {
    process: Uuid,
    code: String,
    due_key: i64,
}

#[derive(Debug, FromQueryResult)]
struct Late {
    competent: String,
    n: i64,
}

#[derive(Debug, FromQueryResult)]
struct Count {
    n: i64,
}

impl Loads {
    /// What an officer holds, by role, and what presses of it.
    pub(crate) async fn held(
        self,
        db: &impl ConnectionTrait,
        holder: AccountId,
        morning: Morning,
    ) -> Result<(BTreeMap<Role, Load>, Vec<Pressing>), Fault> {
        let [now, ends] = keys(morning);
        let counted: Vec<Counted> =
            all(db, HELD, [holder.uuid().into(), now, ends.clone()]).await?;
        let mut loads = BTreeMap::new();
        for row in counted {
            loads.insert(from_word(&row.role)?, load(&row)?);
        }
        let urgent = all(db, HELD_URGENT, [holder.uuid().into(), ends]).await?;
        Ok((loads, pressing(urgent)?))
    }

    /// What waits in a queue, and what presses of it.
    pub(crate) async fn queue(
        self,
        db: &impl ConnectionTrait,
        role: Role,
        agency: AgencyId,
        morning: Morning,
    ) -> Result<(Load, Vec<Pressing>), Fault> {
        let [now, ends] = keys(morning);
        let (agency, role): (Value, Value) = (agency.uuid().into(), word(&role)?.into());
        let of = [agency.clone(), role.clone(), now, ends.clone()];
        let counted: Vec<Counted> = all(db, QUEUED, of).await?;
        let whole = counted.first().map(load).transpose()?.unwrap_or_default();
        let urgent = all(db, QUEUED_URGENT, [agency, role, ends]).await?;
        Ok((whole, pressing(urgent)?))
    }

    /// How many results lie at a desk, ten thousand at the most.
    pub(crate) async fn at_desk(
        self,
        db: &impl ConnectionTrait,
        desk: &AgencyPath,
    ) -> Result<u32, Fault> {
        let counted: Vec<Count> = all(db, AT_DESK, [desk.text().into()]).await?;
        counted.first().map_or(Ok(0), |row| number(row.n))
    }

    /// How many dossiers are past their promised time, by competent agency.
    pub(crate) async fn late(
        self,
        db: &impl ConnectionTrait,
        morning: Morning,
    ) -> Result<Vec<(AgencyPath, u32)>, Fault> {
        let rows: Vec<Late> = all(db, LATE, [morning.now().into()]).await?;
        let late = rows.into_iter().map(|row| {
            let competent = AgencyPath::parse(&row.competent).map_err(Fault::internal)?;
            Ok((competent, number(row.n)?))
        });
        late.collect()
    }
}

/// As the rows have due times.
fn keys(morning: Morning) -> [Value; 2] {
    [morning.now(), morning.ends()].map(|at| at.timestamp_micros().into())
}

async fn all<T: FromQueryResult>(
    db: &impl ConnectionTrait,
    sql: &str,
    values: impl IntoIterator<Item = Value>,
) -> Result<Vec<T>, Fault> {
    let asked = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
    T::find_by_statement(asked).all(db).await.or_fault()
}

fn load(row: &Counted) -> Result<Load, Fault> {
    Ok(Load::of(number(row.tasks)?, number(row.before_now)?, number(row.before_the_end)?))
}

fn pressing(rows: Vec<Urgent>) -> Result<Vec<Pressing>, Fault> {
    let rows = rows.into_iter().map(|row| {
        let due = chrono::DateTime::from_timestamp_micros(row.due_key);
        let due = due.ok_or_else(|| Fault::internal("a due key that is no time"))?;
        Ok(Pressing { due, process: ProcessId::new(row.process), code: row.code })
    });
    rows.collect()
}

fn number(n: i64) -> Result<u32, Fault> {
    u32::try_from(n).map_err(Fault::internal)
}

#[cfg(test)]
mod tests;
