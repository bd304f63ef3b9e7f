use std::sync::Arc;

use motcua_fault::Fault;
use motcua_ids::{AccountId, ActId, AgencyId, ProcessId, TaskId, Uuid};
use motcua_sealing::Keyring;
use motcua_store::{OrFault, Tx};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};

use super::entity::act;
use super::words::{from_word, word};
use crate::domain::{Act, ActKind, ActLine};

/// The control slips.
#[derive(Debug, Clone)]
pub(crate) struct Acts {
    keyring: Arc<Keyring>,
}

impl Acts {
    pub(crate) fn new(keyring: Arc<Keyring>) -> Self {
        Self { keyring }
    }

    /// Adds lines to a process's slip.
    pub(crate) async fn add(&self, tx: &Tx, process: ProcessId, acts: &[Act]) -> Result<(), Fault> {
        if acts.is_empty() {
            return Ok(());
        }
        let rows = acts.iter().map(|act| self.to_row(process, act));
        let rows: Vec<_> = rows.collect::<Result<_, _>>()?;
        act::Entity::insert_many(rows).exec_without_returning(tx.db()).await.or_fault()?;
        Ok(())
    }

    /// A page of a slip, oldest first, behind a version.
    pub(crate) async fn page(
        &self,
        db: &impl ConnectionTrait,
        process: ProcessId,
        after: Option<i64>,
        limit: u64,
    ) -> Result<Vec<Act>, Fault> {
        let rows = act::Entity::find()
            .filter(act::Column::Process.eq(process.uuid()))
            .filter(act::Column::Version.gt(after.unwrap_or_default()))
            .order_by_asc(act::Column::Version)
            .limit(limit)
            .all(db)
            .await
            .or_fault()?;
        rows.into_iter().map(|row| self.read(row)).collect()
    }

    /// The reason of the newest act of a kind, if there is one.
    pub(crate) async fn reason_of(
        &self,
        db: &impl ConnectionTrait,
        process: ProcessId,
        kind: ActKind,
    ) -> Result<Option<String>, Fault> {
        let row = act::Entity::find()
            .filter(act::Column::Process.eq(process.uuid()))
            .filter(act::Column::Kind.eq(word(&kind)?))
            .order_by_desc(act::Column::Version)
            .one(db)
            .await
            .or_fault()?;
        Ok(row.map(|row| self.read(row)).transpose()?.and_then(|act| act.reason))
    }

    fn to_row(&self, process: ProcessId, act: &Act) -> Result<act::ActiveModel, Fault> {
        let line = &act.line;
        let id = act.id.uuid();
        Ok(act::ActiveModel {
            id: Set(id),
            process: Set(process.uuid()),
            version: Set(act.version),
            kind: Set(word(&line.kind)?),
            done_at: Set(act.at),
            actor: Set(act.actor.map(AccountId::uuid)),
            agency: Set(line.agency.map(AgencyId::uuid)),
            task: Set(line.task.map(TaskId::uuid)),
            step: Set(line.step.clone()),
            to_step: Set(line.to_step.clone()),
            to_account: Set(line.to.map(AccountId::uuid)),
            timeliness: Set(line.timeliness.map(|t| word(&t)).transpose()?),
            reason: Set(act
                .reason
                .as_ref()
                .map(|reason| self.keyring.seal(&label(id), reason.as_bytes()))),
        })
    }

    fn read(&self, row: act::Model) -> Result<Act, Fault> {
        let reason = match row.reason {
            None => None,
            Some(sealed) => {
                let plain = self.keyring.open(&label(row.id), &sealed)?;
                Some(String::from_utf8(plain).map_err(|_| Fault::internal("reason is no text"))?)
            }
        };
        Ok(Act {
            id: ActId::new(row.id),
            version: row.version,
            at: row.done_at,
            actor: row.actor.map(AccountId::new),
            line: ActLine {
                kind: from_word(&row.kind)?,
                task: row.task.map(TaskId::new),
                agency: row.agency.map(AgencyId::new),
                step: row.step,
                to_step: row.to_step,
                to: row.to_account.map(AccountId::new),
                timeliness: row.timeliness.as_deref().map(from_word).transpose()?,
            },
            reason,
        })
    }
}

fn label(id: Uuid) -> String {
    format!("workflow/act/reason/{id}")
}
