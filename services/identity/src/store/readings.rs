use motcua_context::Timestamp;
use motcua_fault::Fault;
use motcua_ids::{AccountId, DossierId, EventId, Uuid};
use motcua_store::{OrFault, Tx};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect,
};

use super::entity::personal_data_reading as table;
use crate::domain::{Reading, Subject};

/// The record of who read whose personal data: added to, never changed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Readings;

/// Which readings a list shows; newest first.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ReadingFilter {
    pub(crate) subject: Option<Subject>,
    pub(crate) reader: Option<AccountId>,
    pub(crate) from: Option<Timestamp>,
    pub(crate) until: Option<Timestamp>,
    /// Behind this one.
    pub(crate) after: Option<ReadingEnd>,
}

/// Where a page ends: a reading's instant, event and subject.
pub(crate) type ReadingEnd = (Timestamp, Uuid, Uuid);

impl Readings {
    /// Adds readings.
    pub(crate) async fn insert(self, tx: &Tx, readings: &[Reading]) -> Result<(), Fault> {
        if readings.is_empty() {
            return Ok(());
        }
        table::Entity::insert_many(readings.iter().map(to_row))
            .exec_without_returning(tx.db())
            .await
            .or_fault()?;
        Ok(())
    }

    /// A page of readings, newest first.
    pub(crate) async fn page(
        self,
        db: &impl ConnectionTrait,
        filter: &ReadingFilter,
        limit: u64,
    ) -> Result<Vec<Reading>, Fault> {
        let mut query = table::Entity::find();
        if let Some(subject) = filter.subject {
            query = query.filter(table::Column::Subject.eq(subject.uuid()));
        }
        if let Some(reader) = filter.reader {
            query = query.filter(table::Column::Reader.eq(reader.uuid()));
        }
        if let Some(from) = filter.from {
            query = query.filter(table::Column::ReadAt.gte(from));
        }
        if let Some(until) = filter.until {
            query = query.filter(table::Column::ReadAt.lt(until));
        }
        if let Some(end) = filter.after {
            query = query.filter(behind(end));
        }
        let rows = query
            .order_by_desc(table::Column::ReadAt)
            .order_by_desc(table::Column::Event)
            .order_by_desc(table::Column::Subject)
            .limit(limit)
            .all(db)
            .await
            .or_fault()?;
        Ok(rows.into_iter().map(from_row).collect())
    }
}

/// Readings after the end of a page: one event can be about several persons.
fn behind((at, event, subject): ReadingEnd) -> Condition {
    let same_event = Condition::all()
        .add(table::Column::ReadAt.eq(at))
        .add(table::Column::Event.eq(event))
        .add(table::Column::Subject.lt(subject));
    let same_instant =
        Condition::all().add(table::Column::ReadAt.eq(at)).add(table::Column::Event.lt(event));
    Condition::any().add(table::Column::ReadAt.lt(at)).add(same_instant).add(same_event)
}

fn to_row(reading: &Reading) -> table::ActiveModel {
    table::ActiveModel {
        event: Set(reading.event.uuid()),
        subject: Set(reading.subject.uuid()),
        of_dossier: Set(matches!(reading.subject, Subject::Dossier(_))),
        reader: Set(reading.reader.map(AccountId::uuid)),
        system: Set(reading.system.clone()),
        method: Set(reading.method.clone()),
        purpose: Set(reading.purpose.clone()),
        read_at: Set(reading.at),
    }
}

fn from_row(row: table::Model) -> Reading {
    Reading {
        event: EventId::new(row.event),
        subject: if row.of_dossier {
            Subject::Dossier(DossierId::new(row.subject))
        } else {
            Subject::Account(AccountId::new(row.subject))
        },
        reader: row.reader.map(AccountId::new),
        system: row.system,
        method: row.method,
        purpose: row.purpose,
        at: row.read_at,
    }
}
