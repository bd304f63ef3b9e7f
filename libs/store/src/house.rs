use motcua_context::Timestamp;
use motcua_fault::Fault;
use sea_orm::{ConnectionTrait, Statement, Value};

use crate::{OrFault, Store};

/// Rows put away at once: short enough that nobody waits for their locks.
const BATCH: i64 = 1_000;

/// What was put away.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Cleared {
    /// Claims whose time was over.
    pub claims: u64,
    /// Events from before the log's beginning.
    pub events: u64,
}

impl Store {
    /// Forgets the claims whose time is over at `now`, and the published events
    /// said before `log_from`, in small batches.
    pub async fn clear(&self, now: Timestamp, log_from: Timestamp) -> Result<Cleared, Fault> {
        let claims = "DELETE FROM handled WHERE key IN (SELECT key FROM handled \
                      WHERE forget_at < $1 ORDER BY forget_at LIMIT $2)";
        // Of the lowest numbers only: they are the oldest, and found without a search.
        let events = "DELETE FROM outbox WHERE seq IN (SELECT seq FROM \
                      (SELECT seq, occurred_at, published_at FROM outbox ORDER BY seq LIMIT $2) \
                      AS oldest WHERE occurred_at < $1 AND published_at IS NOT NULL)";
        Ok(Cleared {
            claims: self.clear_with(claims, now).await?,
            events: self.clear_with(events, log_from).await?,
        })
    }

    async fn clear_with(&self, sql: &str, before: Timestamp) -> Result<u64, Fault> {
        let db = self.writer();
        let mut cleared = 0;
        loop {
            let values: [Value; 2] = [before.into(), BATCH.into()];
            let batch = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
            match db.execute_raw(batch).await.or_fault()?.rows_affected() {
                0 => return Ok(cleared),
                rows => cleared += rows,
            }
        }
    }
}
