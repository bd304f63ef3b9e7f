use std::sync::Arc;

use motcua_fault::Fault;
use motcua_ids::{AccountId, FileId, ProcessId, ResultId, TaskId, Uuid};
use motcua_quarantine::Scan;
use motcua_sealing::Keyring;
use motcua_store::{OrFault, Tx};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use super::entity::result;
use super::words::{from_word, word};
use crate::domain::{Decision, Refusal, ResultRecord};

/// The results, drafted and approved.
#[derive(Debug, Clone)]
pub(crate) struct Results {
    keyring: Arc<Keyring>,
}

impl Results {
    pub(crate) fn new(keyring: Arc<Keyring>) -> Self {
        Self { keyring }
    }

    /// Keeps a new draft.
    pub(crate) async fn insert(&self, tx: &Tx, record: &ResultRecord) -> Result<(), Fault> {
        let id = record.id.uuid();
        let row = result::ActiveModel {
            id: Set(id),
            process: Set(record.process.uuid()),
            task: Set(record.task.uuid()),
            outcome: Set(word(&record.outcome)?),
            file: Set(record.file.uuid()),
            words: Set(self.keyring.seal_json(&label(id), &record.words)?),
            media_type: Set(record.media_type.clone()),
            size_bytes: Set(i64::try_from(record.size_bytes).map_err(Fault::internal)?),
            sha256: Set(record.sha256.clone()),
            scanned: Set(record.scan == Scan::Clean),
            scan: Set(Some(record.scan.as_str().to_owned())),
            drafted_by: Set(record.drafted_by.uuid()),
            drafted_at: Set(record.drafted_at),
            approved_by: Set(record.approved.map(|(by, _)| by.uuid())),
            approved_at: Set(record.approved.map(|(_, at)| at)),
        };
        result::Entity::insert(row).exec_without_returning(tx.db()).await.or_fault()?;
        Ok(())
    }

    /// Whether a result names the file.
    pub(crate) async fn uses(
        &self,
        db: &impl ConnectionTrait,
        file: FileId,
    ) -> Result<bool, Fault> {
        Ok(!super::consistency::named(db, &[file]).await?.is_empty())
    }

    /// The result, or `RESULT_NOT_FOUND`.
    pub(crate) async fn get(
        &self,
        db: &impl ConnectionTrait,
        id: ResultId,
    ) -> Result<ResultRecord, Fault> {
        let found = result::Entity::find_by_id(id.uuid()).one(db).await.or_fault()?;
        let row = found.ok_or(Refusal::ResultUnknown)?;
        Ok(ResultRecord {
            id,
            process: ProcessId::new(row.process),
            task: TaskId::new(row.task),
            outcome: from_word(&row.outcome)?,
            words: self.keyring.open_json(&label(row.id), &row.words)?,
            file: FileId::new(row.file),
            media_type: row.media_type,
            size_bytes: u64::try_from(row.size_bytes).map_err(Fault::internal)?,
            sha256: row.sha256,
            scan: match row.scan.as_deref() {
                Some(word) => Scan::parse(word),
                // Kept by an earlier release.
                None if row.scanned => Scan::Clean,
                None => Scan::Unscanned,
            },
            drafted_by: AccountId::new(row.drafted_by),
            drafted_at: row.drafted_at,
            approved: row.approved_by.map(AccountId::new).zip(row.approved_at),
        })
    }

    /// Notes what was found in a file; whether a result names it.
    pub(crate) async fn set_scan(&self, tx: &Tx, file: FileId, scan: Scan) -> Result<bool, Fault> {
        let noted = result::Entity::update_many()
            .col_expr(result::Column::Scan, Expr::value(scan.as_str()))
            .col_expr(result::Column::Scanned, Expr::value(scan == Scan::Clean))
            .filter(result::Column::File.eq(file.uuid()))
            .exec(tx.db())
            .await
            .or_fault()?;
        Ok(noted.rows_affected > 0)
    }

    /// Notes the approval.
    pub(crate) async fn approve(&self, tx: &Tx, decision: &Decision) -> Result<(), Fault> {
        result::Entity::update_many()
            .col_expr(result::Column::ApprovedBy, Expr::value(decision.by.uuid()))
            .col_expr(result::Column::ApprovedAt, Expr::value(decision.at))
            .filter(result::Column::Id.eq(decision.result.uuid()))
            .exec(tx.db())
            .await
            .or_fault()?;
        Ok(())
    }
}

fn label(id: Uuid) -> String {
    format!("workflow/result/words/{id}")
}
