//! What a person does about the letters a service could not act upon, or never got.

use motcua_context::Timestamp;
use motcua_database::{OrFault, immediate};
use motcua_fault::Fault;
use motcua_ids::{EventId, Uuid};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, TransactionTrait, sea_query::Expr,
};

use crate::{
    Envelope, Inbox, Outbox,
    inbox::letter,
    tables::{inbox, mended, outbox},
};

/// SQLite binds a few thousand values at the most.
const CHUNK: usize = 200;

/// An event that a person has to look at; what is about the same thing waits behind it.
#[derive(Debug, Clone)]
pub struct ParkedLetter {
    /// Its place in the order of arrival.
    pub position: i64,
    /// The event.
    pub envelope: Envelope,
    /// Why it was parked.
    pub reason: String,
    /// How often it was tried.
    pub attempts: i32,
    /// How many of the same key wait behind it.
    pub behind: u64,
}

/// Which parked letters; what is `None` does not matter.
#[derive(Debug, Clone, Default)]
pub struct Sought {
    /// This event.
    pub id: Option<EventId>,
    /// Said by this service.
    pub source: Option<String>,
    /// Of this type, by its full name.
    pub event_type: Option<String>,
    /// About this.
    pub key: Option<Uuid>,
    /// Parked for this reason.
    pub reason: Option<String>,
    /// Behind this position.
    pub after: Option<i64>,
}

/// Who puts events back on their way, and when.
#[derive(Debug, Clone)]
pub struct Mending {
    /// A person, as the operators know them.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// An event that was put back on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mended {
    /// Who did it.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// Which: its id, or what it was called where it has none.
    pub event: String,
    /// Its type.
    pub event_type: String,
    /// What it is about.
    pub key: Option<Uuid>,
    /// Why it had been set aside.
    pub reason: String,
    /// How often it had been tried.
    pub attempts: i32,
}

impl Sought {
    fn condition(&self) -> Condition {
        use inbox::Column as C;
        Condition::all()
            .add(C::Parked.eq(true))
            .add_option(self.id.map(|id| C::EventId.eq(id.uuid())))
            .add_option(self.source.as_ref().map(|source| C::Source.eq(source)))
            .add_option(self.event_type.as_ref().map(|name| C::Type.eq(name)))
            .add_option(self.key.map(|key| C::Key.eq(key)))
            .add_option(self.reason.as_ref().map(|reason| C::Reason.eq(reason)))
            .add_option(self.after.map(|after| C::Position.gt(after)))
    }
}

impl Inbox {
    /// The letters parked for a person, oldest first.
    pub async fn parked(&self, sought: &Sought, limit: u64) -> Result<Vec<ParkedLetter>, Fault> {
        let rows = inbox::Entity::find()
            .filter(sought.condition())
            .order_by_asc(inbox::Column::Position)
            .limit(limit)
            .all(self.database.reader())
            .await
            .or_fault()?;
        let mut parked = Vec::with_capacity(rows.len());
        for row in rows {
            let behind = inbox::Entity::find()
                .filter(inbox::Column::Key.eq(row.key))
                .filter(inbox::Column::Position.gt(row.position))
                .count(self.database.reader())
                .await
                .or_fault()?;
            let reason = row.reason.clone().unwrap_or_default();
            let letter = letter(row);
            parked.push(ParkedLetter {
                position: letter.position,
                envelope: letter.envelope,
                reason,
                attempts: letter.attempts,
                behind,
            });
        }
        Ok(parked)
    }

    /// Puts the parked letters that are sought back in their places, with all
    /// their attempts before them, and keeps who did it. Answers which.
    pub async fn redrive(&self, sought: &Sought, mending: &Mending) -> Result<Vec<EventId>, Fault> {
        let tx = self.database.writer().begin_with_options(immediate()).await.or_fault()?;
        let rows = inbox::Entity::find()
            .filter(sought.condition())
            .order_by_asc(inbox::Column::Position)
            .all(&tx)
            .await
            .or_fault()?;
        for chunk in rows.chunks(CHUNK) {
            let positions = chunk.iter().map(|row| row.position);
            inbox::Entity::update_many()
                .filter(inbox::Column::Position.is_in(positions))
                .col_expr(inbox::Column::Parked, Expr::value(false))
                .col_expr(inbox::Column::Attempts, Expr::value(0))
                .exec(&tx)
                .await
                .or_fault()?;
            let acts: Vec<_> = chunk
                .iter()
                .map(|row| Mended {
                    by: mending.by.clone(),
                    at: mending.at,
                    event: row.event_id.to_string(),
                    event_type: row.r#type.clone(),
                    key: Some(row.key),
                    reason: row.reason.clone().unwrap_or_default(),
                    attempts: row.attempts,
                })
                .collect();
            record(&tx, &acts).await?;
        }
        tx.commit().await.or_fault()?;
        self.nudge.notify_one();
        Ok(rows.into_iter().map(|row| row.event_id.into()).collect())
    }

    /// Keeps that somebody put events back on their way which did not lie here.
    pub async fn record_mended(&self, acts: &[Mended]) -> Result<(), Fault> {
        for chunk in acts.chunks(CHUNK) {
            record(self.database.writer(), chunk).await?;
        }
        Ok(())
    }

    /// What people put back on its way, the newest first; of one event if it is named.
    pub async fn mended(&self, event: Option<&str>, limit: u64) -> Result<Vec<Mended>, Fault> {
        let of = event.map(|event| mended::Column::Event.eq(event));
        let rows = mended::Entity::find()
            .filter(Condition::all().add_option(of))
            .order_by_desc(mended::Column::Id)
            .limit(limit)
            .all(self.database.reader())
            .await
            .or_fault()?;
        let act = |row: mended::Model| Mended {
            by: row.by,
            at: row.at,
            event: row.event,
            event_type: row.r#type,
            key: row.key,
            reason: row.reason,
            attempts: row.attempts,
        };
        Ok(rows.into_iter().map(act).collect())
    }
}

impl Outbox {
    /// Says an event of the log again and keeps who did it; whoever acted upon it
    /// already passes it over. Answers whether the log has it, and had sent it.
    pub async fn say_again(&self, event: EventId, mending: &Mending) -> Result<bool, Fault> {
        let tx = self.database.writer().begin_with_options(immediate()).await.or_fault()?;
        let sent = outbox::Entity::find()
            .filter(outbox::Column::EventId.eq(event.uuid()))
            .filter(outbox::Column::PublishedAt.is_not_null())
            .one(&tx)
            .await
            .or_fault()?;
        let Some(row) = sent else { return Ok(false) };
        outbox::Entity::update_many()
            .filter(outbox::Column::Seq.eq(row.seq))
            .col_expr(outbox::Column::PublishedAt, Expr::value(None::<Timestamp>))
            .exec(&tx)
            .await
            .or_fault()?;
        let act = Mended {
            by: mending.by.clone(),
            at: mending.at,
            event: row.event_id.to_string(),
            event_type: row.r#type,
            key: Some(row.key),
            reason: "FROM_LOG".to_owned(),
            attempts: 0,
        };
        record(&tx, &[act]).await?;
        tx.commit().await.or_fault()?;
        Ok(true)
    }
}

async fn record(db: &impl ConnectionTrait, acts: &[Mended]) -> Result<(), Fault> {
    let rows = acts.iter().map(|act| mended::ActiveModel {
        at: Set(act.at),
        by: Set(act.by.clone()),
        event: Set(act.event.clone()),
        r#type: Set(act.event_type.clone()),
        key: Set(act.key),
        reason: Set(act.reason.clone()),
        attempts: Set(act.attempts),
        ..Default::default()
    });
    mended::Entity::insert_many(rows).exec_without_returning(db).await.or_fault()?;
    Ok(())
}
