//! What an examiner of the whole system reads of what was said. Nothing here writes.

use std::collections::HashSet;

use motcua_database::OrFault;
use motcua_fault::Fault;
use motcua_ids::Uuid;
use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait},
};

use crate::{Envelope, Outbox, outbox::said, tables::outbox};

/// An event of a service's log.
#[derive(Debug, Clone)]
pub struct Said {
    /// Its number in the log.
    pub seq: i64,
    /// The event.
    pub envelope: Envelope,
    /// Whether the bus has it.
    pub published: bool,
}

/// Something that was said more than once.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct SaidAgain {
    /// Full name of the event's message.
    pub event_type: String,
    /// About what.
    pub key: Uuid,
    /// How often.
    pub times: i64,
}

impl Outbox {
    /// The events behind number `seq`, `limit` at the most, in the order of their numbers.
    pub async fn behind(&self, seq: i64, limit: u64) -> Result<Vec<Said>, Fault> {
        let rows = outbox::Entity::find()
            .filter(outbox::Column::Seq.gt(seq))
            .order_by_asc(outbox::Column::Seq)
            .limit(limit)
            .all(self.database.reader())
            .await
            .or_fault()?;
        let read = |row: outbox::Model| {
            let published = row.published_at.is_some();
            let (seq, envelope) = said(self.database.service(), row);
            Said { seq, envelope, published }
        };
        Ok(rows.into_iter().map(read).collect())
    }

    /// Which of these things an event of this type was said about.
    pub async fn about(&self, event_type: &str, keys: &[Uuid]) -> Result<HashSet<Uuid>, Fault> {
        let found: Vec<Uuid> = outbox::Entity::find()
            .select_only()
            .column(outbox::Column::Key)
            .filter(outbox::Column::Type.eq(event_type))
            .filter(outbox::Column::Key.is_in(keys.iter().copied()))
            .into_tuple()
            .all(self.database.reader())
            .await
            .or_fault()?;
        Ok(found.into_iter().collect())
    }

    /// Of events that can be said once about one thing: those said more often.
    pub async fn again(&self, event_types: &[&str]) -> Result<Vec<SaidAgain>, Fault> {
        let times = || Expr::col(outbox::Column::Seq).count();
        outbox::Entity::find()
            .select_only()
            .column_as(outbox::Column::Type, "event_type")
            .column(outbox::Column::Key)
            .column_as(times(), "times")
            .filter(outbox::Column::Type.is_in(event_types.iter().copied()))
            .group_by(outbox::Column::Type)
            .group_by(outbox::Column::Key)
            .having(times().gt(1))
            .into_model()
            .all(self.database.reader())
            .await
            .or_fault()
    }
}
