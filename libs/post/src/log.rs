use chrono::TimeDelta;
use motcua_context::Timestamp;
use motcua_database::OrFault;
use motcua_fault::Fault;
use sea_orm::{
    ColumnTrait, Condition, DatabaseConnection, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use serde::{Deserialize, Serialize};

use crate::{Envelope, outbox::said, tables::outbox};

/// How long behind an event one of a lower number may still appear: far longer
/// than any transaction lasts.
const LATE: TimeDelta = TimeDelta::minutes(10);
/// Gaps that are remembered at once; with more of them the reader waits.
const MOST_GAPS: usize = 100;

/// How far a reader of the log has come. It can be kept and gone on from.
///
/// A row is numbered before it is committed, so a later number may be seen first.
/// Numbers that were passed over stand here until nothing can appear there any
/// more: every event comes once, those of one key in their order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogPlace {
    last: i64,
    gaps: Vec<Gap>,
}

/// Numbers `from..=to`, in which something may appear until `until`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Gap {
    from: i64,
    to: i64,
    until: Timestamp,
}

impl LogPlace {
    /// Before the number `from`.
    pub const fn before(from: i64) -> Self {
        Self { last: from - 1, gaps: Vec::new() }
    }

    /// Forgets the gaps in which nothing can appear any more.
    fn forget(&mut self, now: Timestamp) {
        self.gaps.retain(|gap| gap.until > now);
    }

    fn unread(&self) -> Condition {
        let behind = Condition::any().add(outbox::Column::Seq.gt(self.last));
        self.gaps
            .iter()
            .fold(behind, |any, gap| any.add(outbox::Column::Seq.between(gap.from, gap.to)))
    }

    /// Goes past an event; false where too many gaps are remembered to do so.
    fn pass(&mut self, seq: i64, said: Timestamp, now: Timestamp) -> bool {
        if seq <= self.last {
            self.fill(seq);
            return true;
        }
        let until = said + LATE;
        if seq > self.last + 1 && until > now {
            if self.gaps.len() >= MOST_GAPS {
                return false;
            }
            self.gaps.push(Gap { from: self.last + 1, to: seq - 1, until });
        }
        self.last = seq;
        true
    }

    fn fill(&mut self, seq: i64) {
        let gaps = std::mem::take(&mut self.gaps);
        for gap in gaps {
            if (gap.from..=gap.to).contains(&seq) {
                let parts = [Gap { to: seq - 1, ..gap }, Gap { from: seq + 1, ..gap }];
                self.gaps.extend(parts.into_iter().filter(|part| part.from <= part.to));
            } else {
                self.gaps.push(gap);
            }
        }
    }
}

/// What a service has said and still keeps, read on from a place.
#[derive(Debug)]
pub struct Log {
    db: DatabaseConnection,
    source: &'static str,
    place: LogPlace,
}

impl Log {
    pub(crate) const fn new(db: DatabaseConnection, source: &'static str, place: LogPlace) -> Self {
        Self { db, source, place }
    }

    /// The next events, `limit` at the most; fewer at the end.
    pub async fn next(&mut self, limit: u64, now: Timestamp) -> Result<Vec<Envelope>, Fault> {
        self.place.forget(now);
        let rows = outbox::Entity::find()
            .filter(self.place.unread())
            .order_by_asc(outbox::Column::Seq)
            .limit(limit)
            .all(&self.db)
            .await
            .or_fault()?;
        let mut read = Vec::with_capacity(rows.len());
        for row in rows {
            if !self.place.pass(row.seq, row.occurred_at, now) {
                break;
            }
            read.push(said(self.source, row).1);
        }
        Ok(read)
    }

    /// Where to go on from.
    pub const fn place(&self) -> &LogPlace {
        &self.place
    }
}
