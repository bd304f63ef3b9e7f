use std::{sync::Arc, time::Duration};

use motcua_audit::Audit;
use motcua_context::Timestamp;
use motcua_database::{Database, DatabaseOptions, Lease, Migrations, Pool, SchemaState};
use motcua_fault::Fault;
use motcua_post::{Inbox, Outbox};
use sea_orm::DatabaseConnection;
use tokio::sync::Notify;

use crate::DueQueue;

/// A service's database, written through one door. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Store(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    database: Database,
    outbox_nudge: Arc<Notify>,
    inbox_nudge: Arc<Notify>,
    due_nudge: Arc<Notify>,
}

impl Store {
    /// Opens the database of `service`. On PostgreSQL its schema bears the service's name.
    pub async fn open(service: &'static str, options: &DatabaseOptions) -> Result<Self, Fault> {
        Ok(Self::of(Database::open(service, options).await?))
    }

    /// Opens the database of `service` for whoever looks and changes nothing: the
    /// database itself refuses every write. Nothing is made that is missing.
    pub async fn open_to_read(
        service: &'static str,
        options: &DatabaseOptions,
    ) -> Result<Self, Fault> {
        Ok(Self::of(Database::open_to_read(service, options).await?))
    }

    fn of(database: Database) -> Self {
        Self(Arc::new(Inner {
            database,
            outbox_nudge: Arc::default(),
            inbox_nudge: Arc::default(),
            due_nudge: Arc::default(),
        }))
    }

    /// The service whose database this is.
    pub fn service(&self) -> &'static str {
        self.0.database.service()
    }

    /// Where queries run. Nothing is changed through it.
    pub fn reader(&self) -> &DatabaseConnection {
        self.0.database.reader()
    }

    pub(crate) fn writer(&self) -> &DatabaseConnection {
        self.0.database.writer()
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), Fault> {
        self.0.database.ping().await
    }

    /// Applies what is pending: see [`Database::migrate`].
    pub async fn migrate(
        &self,
        migrations: &Migrations,
        now: Timestamp,
    ) -> Result<Vec<String>, Fault> {
        self.0.database.migrate(migrations, now).await
    }

    /// Compares the database with what this binary knows, and changes nothing.
    pub async fn schema_state(&self, migrations: &Migrations) -> Result<SchemaState, Fault> {
        self.0.database.schema_state(migrations).await
    }

    /// Refuses to go on unless the schema is ready.
    pub async fn require_schema(&self, migrations: &Migrations) -> Result<(), Fault> {
        self.0.database.require_schema(migrations).await
    }

    /// The record of who did what here.
    pub fn audit(&self) -> Audit {
        Audit::new(self.0.database.clone())
    }

    /// The events this service has said.
    pub fn outbox(&self) -> Outbox {
        Outbox::new(self.0.database.clone(), self.0.outbox_nudge.clone())
    }

    /// The events this service has been told.
    pub fn inbox(&self) -> Inbox {
        Inbox::new(self.0.database.clone(), self.0.inbox_nudge.clone())
    }

    /// The timers this service has set.
    pub fn due(&self) -> DueQueue {
        DueQueue::new(self.reader().clone(), self.writer().clone(), self.0.due_nudge.clone())
    }

    /// The right to be the only one that does `name` in this service.
    pub fn lease(&self, name: &'static str, holder: impl Into<String>, ttl: Duration) -> Lease {
        self.0.database.lease(name, holder, ttl)
    }

    /// Wakes the relay and the timers, without waiting for their next look.
    pub(crate) fn nudge(&self) {
        self.0.outbox_nudge.notify_one();
        // All who mind timers and wait, or else the next who would.
        self.0.due_nudge.notify_waiters();
        self.0.due_nudge.notify_one();
    }

    /// Whether this is the embedded database.
    pub fn is_sqlite(&self) -> bool {
        self.0.database.is_sqlite()
    }

    /// How the connections are used.
    pub fn pools(&self) -> Vec<Pool> {
        self.0.database.pools()
    }

    /// Closes the connections.
    pub async fn close(&self) -> Result<(), Fault> {
        self.0.database.close().await
    }
}
