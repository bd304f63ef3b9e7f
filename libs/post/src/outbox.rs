use std::{sync::Arc, time::Duration};

use motcua_context::Timestamp;
use motcua_database::{Database, Held, OrFault, padded};
use motcua_fault::Fault;
use motcua_ids::{EventId, Uuid};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::{Expr, InsertStatement},
};
use tokio::sync::Notify;

use crate::{Log, LogPlace, tables::outbox};

/// One event as it travels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// Unique; a repeated one is acted upon once.
    pub id: EventId,
    /// Full name of the event's message: `motcua.intake.v1.DossierAccepted`.
    pub event_type: String,
    /// The service that said it.
    pub source: String,
    /// What it is about; events of one key keep their order.
    pub key: Uuid,
    /// The encoded message.
    pub payload: Vec<u8>,
    /// The trace it was said in.
    pub traceparent: Option<String>,
    /// When.
    pub occurred_at: Timestamp,
}

/// A row as it travels, with its number.
pub(crate) fn said(source: &str, row: outbox::Model) -> (i64, Envelope) {
    let envelope = Envelope {
        id: row.event_id.into(),
        event_type: row.r#type,
        source: source.to_owned(),
        key: row.key,
        payload: row.payload,
        traceparent: row.traceparent,
        occurred_at: row.occurred_at,
    };
    (row.seq, envelope)
}

/// The events a service has said, kept as a log.
#[derive(Debug, Clone)]
pub struct Outbox {
    pub(crate) database: Database,
    nudge: Arc<Notify>,
}

impl Outbox {
    /// The outbox in this database; whoever stores an event in it nudges.
    pub const fn new(database: Database, nudge: Arc<Notify>) -> Self {
        Self { database, nudge }
    }

    /// Stores events in their order. Their source is whose database it is.
    pub fn put(said: impl IntoIterator<Item = Envelope>) -> InsertStatement {
        let row = |event: Envelope| outbox::ActiveModel {
            event_id: Set(event.id.uuid()),
            r#type: Set(event.event_type),
            key: Set(event.key),
            payload: Set(event.payload),
            traceparent: Set(event.traceparent),
            occurred_at: Set(event.occurred_at),
            published_at: Set(None),
            ..Default::default()
        };
        outbox::Entity::insert_many(said.into_iter().map(row)).into_query()
    }

    /// Waits until something was said here, or until `at_most` has passed.
    pub async fn wait(&self, at_most: Duration) {
        let _ = tokio::time::timeout(at_most, self.nudge.notified()).await;
    }

    /// The oldest events that were not published yet, with their numbers.
    pub async fn unpublished(
        &self,
        source: &str,
        limit: u64,
    ) -> Result<Vec<(i64, Envelope)>, Fault> {
        let rows = outbox::Entity::find()
            .filter(outbox::Column::PublishedAt.is_null())
            .order_by_asc(outbox::Column::Seq)
            .limit(limit)
            .all(self.database.reader())
            .await
            .or_fault()?;
        Ok(rows.into_iter().map(|row| said(source, row)).collect())
    }

    /// Everything that was said and is still kept, from a place on.
    pub fn log(&self, source: &'static str, from: LogPlace) -> Log {
        Log::new(self.database.reader().clone(), source, from)
    }

    /// Marks events as published, if the lease still holds.
    pub async fn mark_published(
        &self,
        seqs: &[i64],
        at: Timestamp,
        held: &Held,
    ) -> Result<(), Fault> {
        outbox::Entity::update_many()
            .col_expr(outbox::Column::PublishedAt, Expr::value(at))
            .filter(outbox::Column::Seq.is_in(padded(seqs.iter().copied())))
            .filter(held.fence())
            .exec(self.database.writer())
            .await
            .or_fault()?;
        Ok(())
    }

    /// How many events wait, and since when the oldest does.
    pub async fn lag(&self) -> Result<(u64, Option<Timestamp>), Fault> {
        let waiting = outbox::Entity::find().filter(outbox::Column::PublishedAt.is_null());
        let count = waiting.clone().count(self.database.reader()).await.or_fault()?;
        let oldest = waiting
            .order_by_asc(outbox::Column::Seq)
            .one(self.database.reader())
            .await
            .or_fault()?;
        Ok((count, oldest.map(|row| row.occurred_at)))
    }
}
