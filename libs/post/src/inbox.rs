use std::{collections::HashMap, sync::Arc, time::Duration};

use chrono::TimeDelta;
use motcua_context::Timestamp;
use motcua_database::{Database, OrFault, padded};
use motcua_fault::Fault;
use motcua_ids::EventId;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, ExprTrait, FromQueryResult, PaginatorTrait,
    QueryFilter, Statement, sea_query::Expr,
};
use tokio::sync::Notify;

use crate::{Envelope, tables::inbox};

/// SQLite binds a few thousand values at the most; a letter has ten.
const CHUNK: usize = 200;

/// A fresh letter waits for nothing, whatever the clock of who received it says.
const AT_ONCE: Timestamp = Timestamp::UNIX_EPOCH;

/// An event in the inbox.
#[derive(Debug, Clone)]
pub struct Letter {
    /// Its place in the order of arrival.
    pub position: i64,
    /// How often it was tried.
    pub attempts: i32,
    /// The event.
    pub envelope: Envelope,
}

/// What lies in the inbox.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct InboxCounts {
    /// Not yet acted upon, the parked ones included.
    pub waiting: u64,
    /// Parked for a person.
    pub parked: u64,
}

/// Why a letter waits for a person.
#[derive(Debug, Clone)]
pub struct Why {
    /// What it was refused with.
    pub reason: String,
    /// How often it was tried.
    pub attempts: i32,
}

/// The events a service was told, kept until they are acted upon.
///
/// A letter is stored before the broker is told that it arrived, so a slow or
/// failing consumer never holds the broker up, and a retry needs no broker.
#[derive(Debug, Clone)]
pub struct Inbox {
    pub(crate) database: Database,
    pub(crate) nudge: Arc<Notify>,
}

impl Inbox {
    /// The inbox in this database.
    pub const fn new(database: Database, nudge: Arc<Notify>) -> Self {
        Self { database, nudge }
    }

    /// Waits until something arrived here, or until `at_most` has passed.
    pub async fn wait(&self, at_most: Duration) {
        let _ = tokio::time::timeout(at_most, self.nudge.notified()).await;
    }

    /// Stores events in their order; one that lies here already is passed over.
    pub async fn receive(&self, envelopes: &[Envelope]) -> Result<(), Fault> {
        for chunk in envelopes.chunks(CHUNK) {
            let rows = chunk.iter().map(|e| inbox::ActiveModel {
                event_id: Set(e.id.uuid()),
                r#type: Set(e.event_type.clone()),
                source: Set(e.source.clone()),
                key: Set(e.key),
                payload: Set(e.payload.clone()),
                traceparent: Set(e.traceparent.clone()),
                occurred_at: Set(e.occurred_at),
                attempts: Set(0),
                next_at: Set(AT_ONCE),
                parked: Set(false),
                reason: Set(None),
                ..Default::default()
            });
            inbox::Entity::insert_many(rows)
                .on_conflict_do_nothing_on([inbox::Column::EventId])
                .exec_without_returning(self.database.writer())
                .await
                .or_fault()?;
        }
        self.nudge.notify_one();
        Ok(())
    }

    /// The letters that may be acted upon now: of each key the oldest, unless it
    /// is parked or has to wait for its next attempt.
    pub async fn ready(&self, now: Timestamp, limit: u64) -> Result<Vec<Letter>, Fault> {
        let sql = "SELECT i.* FROM inbox i \
                   WHERE i.parked = $1 AND i.next_at <= $2 AND NOT EXISTS \
                   (SELECT 1 FROM inbox j WHERE j.key = i.key AND j.position < i.position) \
                   ORDER BY i.position LIMIT $3";
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let statement = Statement::from_sql_and_values(
            self.database.reader().get_database_backend(),
            sql,
            [false.into(), now.into(), limit.into()],
        );
        let rows = inbox::Model::find_by_statement(statement)
            .all(self.database.reader())
            .await
            .or_fault()?;
        Ok(rows.into_iter().map(letter).collect())
    }

    /// Takes letters out that were acted upon.
    pub async fn done(&self, positions: &[i64]) -> Result<(), Fault> {
        inbox::Entity::delete_many()
            .filter(inbox::Column::Position.is_in(padded(positions.iter().copied())))
            .exec(self.database.writer())
            .await
            .or_fault()?;
        Ok(())
    }

    /// Tries a letter again after `delay`; what is about the same key waits behind it.
    pub async fn postpone(
        &self,
        letter: &Letter,
        reason: &str,
        now: Timestamp,
        delay: Duration,
    ) -> Result<(), Fault> {
        let delay = TimeDelta::from_std(delay).unwrap_or(TimeDelta::MAX);
        note(letter, reason)
            .col_expr(inbox::Column::NextAt, Expr::value(now + delay))
            .exec(self.database.writer())
            .await
            .or_fault()?;
        Ok(())
    }

    /// Lays a letter aside for a person; what is about the same key waits behind it.
    pub async fn park(&self, letter: &Letter, reason: &str) -> Result<(), Fault> {
        note(letter, reason)
            .col_expr(inbox::Column::Parked, Expr::value(true))
            .exec(self.database.writer())
            .await
            .or_fault()?;
        Ok(())
    }

    /// Which of these events lie in the inbox, with why where they are parked.
    pub async fn among(&self, events: &[EventId]) -> Result<HashMap<EventId, Option<Why>>, Fault> {
        let rows = inbox::Entity::find()
            .filter(inbox::Column::EventId.is_in(events.iter().map(|event| event.uuid())))
            .all(self.database.reader())
            .await
            .or_fault()?;
        let read = |row: inbox::Model| {
            let parked = row
                .parked
                .then(|| Why { reason: row.reason.unwrap_or_default(), attempts: row.attempts });
            (EventId::new(row.event_id), parked)
        };
        Ok(rows.into_iter().map(read).collect())
    }

    /// What lies here.
    pub async fn counts(&self) -> Result<InboxCounts, Fault> {
        let waiting = inbox::Entity::find().count(self.database.reader()).await.or_fault()?;
        let parked = inbox::Entity::find()
            .filter(inbox::Column::Parked.eq(true))
            .count(self.database.reader())
            .await
            .or_fault()?;
        Ok(InboxCounts { waiting, parked })
    }
}

pub(crate) fn letter(row: inbox::Model) -> Letter {
    Letter {
        position: row.position,
        attempts: row.attempts,
        envelope: Envelope {
            id: row.event_id.into(),
            event_type: row.r#type,
            source: row.source,
            key: row.key,
            payload: row.payload,
            traceparent: row.traceparent,
            occurred_at: row.occurred_at,
        },
    }
}

fn note(letter: &Letter, reason: &str) -> sea_orm::UpdateMany<inbox::Entity> {
    inbox::Entity::update_many()
        .filter(inbox::Column::Position.eq(letter.position))
        .col_expr(inbox::Column::Attempts, Expr::col(inbox::Column::Attempts).add(1))
        .col_expr(inbox::Column::Reason, Expr::value(reason))
}
