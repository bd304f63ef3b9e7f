use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;
use motcua_context::{Cause, Ctx, Timestamp};
use motcua_fault::Fault;
use motcua_ids::Uuid;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DatabaseConnection, EntityTrait, ExprTrait, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait,
    sea_query::{Expr, InsertStatement, OnConflict},
};
use tokio::sync::Notify;

use crate::{OrFault, padded, spine::due};

/// A timer that has come due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alarm {
    /// The timer's row.
    pub id: Uuid,
    /// What is due.
    pub name: String,
    /// For what.
    pub subject: Uuid,
    /// When it was due.
    pub at: Timestamp,
    /// How often the timer was armed.
    pub generation: i64,
    /// How often acting upon it failed.
    pub attempts: i32,
}

impl Alarm {
    /// The cause of what is done upon it.
    pub const fn cause(&self, name: &'static str) -> Cause {
        Cause::Due { name, id: self.id, generation: self.generation }
    }
}

/// A service's timers of some names.
#[derive(Debug, Clone)]
pub struct DueQueue {
    reader: DatabaseConnection,
    db: DatabaseConnection,
    names: Arc<[&'static str]>,
    nudge: Arc<Notify>,
}

impl DueQueue {
    pub(crate) const fn new(
        reader: DatabaseConnection,
        db: DatabaseConnection,
        names: Arc<[&'static str]>,
        nudge: Arc<Notify>,
    ) -> Self {
        Self { reader, db, names, nudge }
    }

    /// Waits until one of them was set here and is due, or until `at_most` has passed.
    pub async fn wait(&self, at_most: Duration) {
        let _ = tokio::time::timeout(at_most, self.nudge.notified()).await;
    }

    /// Those that have come due, the longest due first.
    pub async fn ready(&self, now: Timestamp, limit: u64) -> Result<Vec<Alarm>, Fault> {
        let rows = due::Entity::find()
            .filter(due::Column::At.lte(now))
            .filter(due::Column::Name.is_in(self.names.iter().copied()))
            .order_by_asc(due::Column::At)
            .limit(limit)
            .all(&self.reader)
            .await
            .or_fault()?;
        Ok(rows
            .into_iter()
            .map(|row| Alarm {
                id: row.id,
                name: row.name,
                subject: row.subject,
                at: row.at,
                generation: row.generation,
                attempts: row.attempts,
            })
            .collect())
    }

    /// Takes timers away that were acted upon, but for those that were armed anew meanwhile.
    pub async fn done(&self, alarms: impl IntoIterator<Item = &Alarm>) -> Result<(), Fault> {
        let alarms = padded(alarms.into_iter().map(|alarm| (alarm.id, alarm.generation)));
        if alarms.is_empty() {
            return Ok(());
        }
        let which = Expr::tuple([Expr::col(due::Column::Id), Expr::col(due::Column::Generation)]);
        due::Entity::delete_many()
            .filter(which.in_tuples(alarms))
            .exec(&self.db)
            .await
            .or_fault()?;
        Ok(())
    }

    /// Tries again after `delay`.
    pub async fn postpone(
        &self,
        alarm: &Alarm,
        reason: &str,
        now: Timestamp,
        delay: Duration,
    ) -> Result<(), Fault> {
        let delay = TimeDelta::from_std(delay).unwrap_or(TimeDelta::MAX);
        due::Entity::update_many()
            .filter(due::Column::Id.eq(alarm.id))
            .filter(due::Column::Generation.eq(alarm.generation))
            .col_expr(due::Column::At, Expr::value(now + delay))
            .col_expr(due::Column::Attempts, Expr::col(due::Column::Attempts).add(1))
            .col_expr(due::Column::Reason, Expr::value(reason))
            .exec(&self.db)
            .await
            .or_fault()?;
        Ok(())
    }
}

pub(crate) async fn schedule(
    db: &impl ConnectionTrait,
    ctx: &Ctx,
    name: &'static str,
    subject: Uuid,
    at: Timestamp,
) -> Result<(), Fault> {
    db.execute(&armed(ctx, name, subject, at)).await.or_fault()?;
    Ok(())
}

/// Sets a timer; one that was set is moved and armed anew.
pub(crate) fn armed(
    ctx: &Ctx,
    name: &'static str,
    subject: Uuid,
    at: Timestamp,
) -> InsertStatement {
    let row = due::ActiveModel {
        id: Set(Uuid::from_bytes(ctx.random())),
        name: Set(name.to_owned()),
        subject: Set(subject),
        at: Set(at),
        generation: Set(1),
        attempts: Set(0),
        reason: Set(None),
    };
    let armed_anew = OnConflict::columns([due::Column::Name, due::Column::Subject])
        .update_column(due::Column::At)
        .value(due::Column::Generation, Expr::col((due::Entity, due::Column::Generation)).add(1))
        .value(due::Column::Attempts, 0)
        .to_owned();
    due::Entity::insert(row).on_conflict(armed_anew).into_query()
}

pub(crate) async fn unschedule(
    db: &impl ConnectionTrait,
    name: &'static str,
    subject: Uuid,
) -> Result<(), Fault> {
    due::Entity::delete_many()
        .filter(due::Column::Name.eq(name))
        .filter(due::Column::Subject.eq(subject))
        .exec(db)
        .await
        .or_fault()?;
    Ok(())
}
