//! What an examiner of the whole system reads of a service. Nothing here writes.

use std::collections::{HashMap, HashSet};

use motcua_context::{Actor, Cause, Timestamp};
use motcua_fault::Fault;
use motcua_ids::{EventId, Uuid};
use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait},
};

use crate::{
    Envelope, OrFault, Store,
    outbox::said,
    spine::{due, handled, inbox, outbox},
};

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

/// Why a letter waits for a person.
#[derive(Debug, Clone)]
pub struct Why {
    /// What it was refused with.
    pub reason: String,
    /// How often it was tried.
    pub attempts: i32,
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

impl Store {
    /// The events behind number `seq`, `limit` at the most, in the order of their numbers.
    pub async fn said_behind(&self, seq: i64, limit: u64) -> Result<Vec<Said>, Fault> {
        let rows = outbox::Entity::find()
            .filter(outbox::Column::Seq.gt(seq))
            .order_by_asc(outbox::Column::Seq)
            .limit(limit)
            .all(self.reader())
            .await
            .or_fault()?;
        let read = |row: outbox::Model| {
            let published = row.published_at.is_some();
            let (seq, envelope) = said(self.service(), row);
            Said { seq, envelope, published }
        };
        Ok(rows.into_iter().map(read).collect())
    }

    /// Which of these things an event of this type was said about.
    pub async fn said_about(
        &self,
        event_type: &str,
        keys: &[Uuid],
    ) -> Result<HashSet<Uuid>, Fault> {
        let found: Vec<Uuid> = outbox::Entity::find()
            .select_only()
            .column(outbox::Column::Key)
            .filter(outbox::Column::Type.eq(event_type))
            .filter(outbox::Column::Key.is_in(keys.iter().copied()))
            .into_tuple()
            .all(self.reader())
            .await
            .or_fault()?;
        Ok(found.into_iter().collect())
    }

    /// Of events that can be said once about one thing: those said more often.
    pub async fn said_again(&self, event_types: &[&str]) -> Result<Vec<SaidAgain>, Fault> {
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
            .all(self.reader())
            .await
            .or_fault()
    }

    /// Which of these events `consumer`, whose database this is, has acted upon.
    pub async fn acted_upon(
        &self,
        consumer: &'static str,
        events: &[EventId],
    ) -> Result<HashSet<EventId>, Fault> {
        let claim = |event: &EventId| {
            let key = Cause::Event { consumer, event: *event }.key(&Actor::Anonymous)?;
            Some((key.to_vec(), *event))
        };
        let claims: HashMap<Vec<u8>, EventId> = events.iter().filter_map(claim).collect();
        let found: Vec<Vec<u8>> = handled::Entity::find()
            .select_only()
            .column(handled::Column::Key)
            .filter(handled::Column::Key.is_in(claims.keys().cloned()))
            .into_tuple()
            .all(self.reader())
            .await
            .or_fault()?;
        Ok(found.iter().filter_map(|key| claims.get(key).copied()).collect())
    }

    /// Which of these events lie in the inbox, with why where they are parked.
    pub async fn in_inbox(
        &self,
        events: &[EventId],
    ) -> Result<HashMap<EventId, Option<Why>>, Fault> {
        let rows = inbox::Entity::find()
            .filter(inbox::Column::EventId.is_in(events.iter().map(|event| event.uuid())))
            .all(self.reader())
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

    /// When the timer `name` of each of these is due; those that have none are left out.
    pub async fn timers(
        &self,
        name: &str,
        subjects: &[Uuid],
    ) -> Result<HashMap<Uuid, Timestamp>, Fault> {
        let rows = due::Entity::find()
            .filter(due::Column::Name.eq(name))
            .filter(due::Column::Subject.is_in(subjects.iter().copied()))
            .all(self.reader())
            .await
            .or_fault()?;
        Ok(rows.into_iter().map(|row| (row.subject, row.at)).collect())
    }
}
