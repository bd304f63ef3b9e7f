use std::sync::{Mutex, MutexGuard, PoisonError};

use motcua_audit::AuditEntry;
use motcua_context::{Ctx, Timestamp};
use motcua_fault::Fault;
use motcua_ids::Uuid;
use motcua_post::{Envelope, Outbox};
use prost::{Message, Name};
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, ExecResult,
    sea_query::{CommonTableExpression, InsertStatement, SubQueryStatement, WithClause},
};

use crate::{Noted, OrFault, due, open::Woken};

/// Databases bind some ten thousand values at the most.
const EVENTS_AT_ONCE: usize = 500;

/// An open write. Commit and roll-back belong to [`crate::Store::write`] alone.
#[derive(Debug)]
pub struct Tx {
    db: DatabaseTransaction,
    service: &'static str,
    ctx: Ctx,
    last: Mutex<Last>,
}

/// What is stored just before the commit.
#[derive(Debug, Default)]
struct Last {
    statements: Vec<SubQueryStatement>,
    said: Vec<Envelope>,
    noted: Option<Noted>,
    /// The names of timers that are due at once.
    armed: Vec<&'static str>,
}

impl Tx {
    pub(crate) fn new(db: DatabaseTransaction, service: &'static str, ctx: &Ctx) -> Self {
        Self { db, service, ctx: ctx.clone(), last: Mutex::default() }
    }

    /// Where statements of this write run.
    pub fn db(&self) -> &DatabaseTransaction {
        &self.db
    }

    /// Runs `statement` just before the commit, in one round trip with all others
    /// of its kind, the claim and the events. Nothing in this write may read what
    /// it stores, and no two of them may touch the same row.
    pub fn at_last(&self, statement: impl Into<SubQueryStatement>) {
        self.last().statements.push(statement.into());
    }

    /// Says `event` about `key` if, and only if, this write commits. Events of
    /// one key are delivered in the order in which they were said: lock the
    /// aggregate before saying anything about it.
    pub fn publish<E: Message + Name>(&self, key: Uuid, event: &E) {
        let said = Envelope {
            id: self.ctx.new_id(),
            event_type: E::full_name(),
            source: self.service.to_owned(),
            key,
            payload: event.encode_to_vec(),
            traceparent: self.ctx.traceparent().map(ToOwned::to_owned),
            occurred_at: self.ctx.now(),
        };
        self.last().said.push(said);
    }

    /// Tells the record what this is, where the context does not say it.
    pub fn note(&self, noted: Noted) {
        self.last().noted = Some(noted);
    }

    pub(crate) fn noted(&self) -> Option<Noted> {
        self.last().noted.take()
    }

    /// Sets the timer `name` of `subject`; one that was set is moved and armed anew.
    pub async fn schedule(
        &self,
        name: &'static str,
        subject: Uuid,
        at: Timestamp,
    ) -> Result<(), Fault> {
        self.arm(name, at);
        due::schedule(&self.db, &self.ctx, name, subject, at).await
    }

    /// Sets a timer of a subject that this write makes, with the commit: see [`Self::at_last`].
    pub fn schedule_at_last(&self, name: &'static str, subject: Uuid, at: Timestamp) {
        self.arm(name, at);
        self.at_last(due::armed(&self.ctx, name, subject, at));
    }

    fn arm(&self, name: &'static str, at: Timestamp) {
        let mut last = self.last();
        if at <= self.ctx.now() && !last.armed.contains(&name) {
            last.armed.push(name);
        }
    }

    /// Takes the timer away.
    pub async fn unschedule(&self, name: &'static str, subject: Uuid) -> Result<(), Fault> {
        due::unschedule(&self.db, name, subject).await
    }

    /// Runs what was left for the end, the record's row, and `claim`, which inserts
    /// one row unless it is there. If it was not, answers whom the commit wakes.
    pub(crate) async fn flush(
        &self,
        claim: InsertStatement,
        record: AuditEntry,
    ) -> Result<Option<Woken>, Fault> {
        let Last { mut statements, said, armed, .. } = std::mem::take(&mut *self.last());
        let woken = Woken { relay: !said.is_empty(), timers: armed };
        let outcome = outcome(&said);
        statements.push(AuditEntry { outcome, ..record }.insert().into());
        let mut said = said.into_iter().peekable();
        while said.peek().is_some() {
            let rows = said.by_ref().take(EVENTS_AT_ONCE);
            statements.push(Outbox::put(rows).into());
        }
        let claimed = match self.db.get_database_backend() {
            DbBackend::Postgres => self.all_at_once(statements, claim).await,
            _ => self.one_by_one(statements, claim).await,
        };
        Ok((claimed.or_fault()?.rows_affected() == 1).then_some(woken))
    }

    /// One statement: `WITH … AS (INSERT …), … INSERT …`.
    async fn all_at_once(
        &self,
        statements: Vec<SubQueryStatement>,
        claim: InsertStatement,
    ) -> Result<ExecResult, DbErr> {
        if statements.is_empty() {
            return self.db.execute(&claim).await;
        }
        let mut with = WithClause::new();
        for (n, statement) in statements.into_iter().enumerate() {
            let part = CommonTableExpression::new()
                .table_name(format!("part{n}"))
                .query(statement)
                .to_owned();
            with.cte(part);
        }
        self.db.execute(&with.query(claim)).await
    }

    async fn one_by_one(
        &self,
        statements: Vec<SubQueryStatement>,
        claim: InsertStatement,
    ) -> Result<ExecResult, DbErr> {
        for statement in statements {
            match statement {
                SubQueryStatement::InsertStatement(insert) => self.db.execute(&insert).await?,
                SubQueryStatement::UpdateStatement(update) => self.db.execute(&update).await?,
                SubQueryStatement::DeleteStatement(delete) => self.db.execute(&delete).await?,
                SubQueryStatement::SelectStatement(select) => self.db.execute(&select).await?,
                SubQueryStatement::WithStatement(with) => self.db.execute(&with).await?,
            };
        }
        self.db.execute(&claim).await
    }

    pub(crate) async fn commit(self) -> Result<(), Fault> {
        self.db.commit().await.or_fault()
    }

    pub(crate) async fn rollback(self) -> Result<(), Fault> {
        self.db.rollback().await.or_fault()
    }

    fn last(&self) -> MutexGuard<'_, Last> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// That it was done, and the names of the events it said.
fn outcome(said: &[Envelope]) -> String {
    let mut names: Vec<&str> = Vec::new();
    for event in said {
        let name = event.event_type.rsplit('.').next().unwrap_or_default();
        if !names.contains(&name) {
            names.push(name);
        }
    }
    if names.is_empty() { "done".to_owned() } else { format!("done: {}", names.join(", ")) }
}
