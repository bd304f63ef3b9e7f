use std::sync::{Mutex, PoisonError};

use motcua_context::{Ctx, Timestamp};
use motcua_fault::Fault;
use motcua_ids::{EventId, Uuid};
use prost::{Message, Name};
use sea_orm::{ActiveValue::Set, DatabaseTransaction, EntityTrait};

use crate::{OrFault, due, spine::outbox};

/// An open write. Commit and roll-back belong to [`crate::Store::write`] alone.
#[derive(Debug)]
pub struct Tx {
    db: DatabaseTransaction,
    ctx: Ctx,
    /// Stored in one statement before the commit.
    said: Mutex<Vec<outbox::ActiveModel>>,
}

impl Tx {
    pub(crate) fn new(db: DatabaseTransaction, ctx: &Ctx) -> Self {
        Self { db, ctx: ctx.clone(), said: Mutex::default() }
    }

    /// Where statements of this write run.
    pub fn db(&self) -> &DatabaseTransaction {
        &self.db
    }

    /// Says `event` about `key` if, and only if, this write commits. Events of
    /// one key are delivered in the order in which they were said: lock the
    /// aggregate before saying anything about it.
    pub fn publish<E: Message + Name>(&self, key: Uuid, event: &E) {
        let id = self.ctx.new_id::<EventId>();
        let row = outbox::ActiveModel {
            event_id: Set(id.uuid()),
            r#type: Set(E::full_name()),
            key: Set(key),
            payload: Set(event.encode_to_vec()),
            traceparent: Set(self.ctx.traceparent().map(ToOwned::to_owned)),
            occurred_at: Set(self.ctx.now()),
            published_at: Set(None),
            ..Default::default()
        };
        self.said.lock().unwrap_or_else(PoisonError::into_inner).push(row);
    }

    /// Sets the timer `name` of `subject`; one that was set is moved and armed anew.
    pub async fn schedule(
        &self,
        name: &'static str,
        subject: Uuid,
        at: Timestamp,
    ) -> Result<(), Fault> {
        due::schedule(&self.db, &self.ctx, name, subject, at).await
    }

    /// Takes the timer away.
    pub async fn unschedule(&self, name: &'static str, subject: Uuid) -> Result<(), Fault> {
        due::unschedule(&self.db, name, subject).await
    }

    pub(crate) async fn flush(&self) -> Result<(), Fault> {
        let said = std::mem::take(&mut *self.said.lock().unwrap_or_else(PoisonError::into_inner));
        let mut said = said.into_iter().peekable();
        // Databases bind some ten thousand values at the most.
        while said.peek().is_some() {
            let rows = said.by_ref().take(500);
            outbox::Entity::insert_many(rows).exec_without_returning(&self.db).await.or_fault()?;
        }
        Ok(())
    }

    pub(crate) async fn commit(self) -> Result<(), Fault> {
        self.db.commit().await.or_fault()
    }

    pub(crate) async fn rollback(self) -> Result<(), Fault> {
        self.db.rollback().await.or_fault()
    }
}
