use std::collections::BTreeSet;

use motcua_fault::Fault;
use sea_orm::{ColumnTrait, DatabaseConnection, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::{Envelope, OrFault, outbox::said, spine::outbox};

/// How many numbers behind the last one read a row may still appear: the
/// transactions that take a number and commit while another is between the two.
const OVERLAP: i64 = 1_000;

/// What a service has said, read from a number on to rebuild what was made of it.
///
/// A row is numbered before it is committed, so a later number may be seen
/// first. Each look therefore begins some numbers behind the last one and passes
/// over what was read: every event comes once, those of one key in their order.
#[derive(Debug)]
pub struct Log {
    db: DatabaseConnection,
    source: &'static str,
    from: i64,
    last: i64,
    /// Those read of the last [`OVERLAP`] numbers.
    read: BTreeSet<i64>,
}

impl Log {
    pub(crate) fn new(db: DatabaseConnection, source: &'static str, from: i64) -> Self {
        Self { db, source, from, last: from, read: BTreeSet::new() }
    }

    /// The next events with their numbers, `limit` at the most; none at the end.
    pub async fn next(&mut self, limit: u64) -> Result<Vec<(i64, Envelope)>, Fault> {
        let behind = self.from.max(self.last - OVERLAP);
        let rows = outbox::Entity::find()
            .filter(outbox::Column::Seq.gte(behind))
            .order_by_asc(outbox::Column::Seq)
            .limit(limit + self.read.len() as u64)
            .all(&self.db)
            .await
            .or_fault()?;
        let fresh: Vec<_> = rows.into_iter().filter(|row| !self.read.contains(&row.seq)).collect();
        self.read.extend(fresh.iter().map(|row| row.seq));
        self.last = self.read.last().copied().unwrap_or(self.last);
        self.read = self.read.split_off(&(self.last - OVERLAP));
        Ok(fresh.into_iter().map(|row| said(self.source, row)).collect())
    }
}
