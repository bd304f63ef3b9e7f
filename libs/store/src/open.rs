use std::{
    sync::{Arc, Mutex, PoisonError, Weak},
    time::Duration,
};

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
    minders: Mutex<Vec<Minder>>,
}

/// Whoever minds timers of some names.
#[derive(Debug)]
struct Minder {
    names: Arc<[&'static str]>,
    nudge: Weak<Notify>,
}

/// Whom a commit has something for.
#[derive(Debug)]
pub(crate) struct Woken {
    /// Events were said.
    pub(crate) relay: bool,
    /// Timers of these names are due.
    pub(crate) timers: Vec<&'static str>,
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
            minders: Mutex::default(),
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

    /// The timers of these names that this service has set.
    pub fn due(&self, names: impl Into<Arc<[&'static str]>>) -> DueQueue {
        let (names, nudge) = (names.into(), Arc::new(Notify::new()));
        let mut minders = self.0.minders.lock().unwrap_or_else(PoisonError::into_inner);
        minders.retain(|minder| minder.nudge.strong_count() > 0);
        minders.push(Minder { names: names.clone(), nudge: Arc::downgrade(&nudge) });
        DueQueue::new(self.reader().clone(), self.writer().clone(), names, nudge)
    }

    /// The right to be the only one that does `name` in this service.
    pub fn lease(&self, name: &'static str, holder: impl Into<String>, ttl: Duration) -> Lease {
        self.0.database.lease(name, holder, ttl)
    }

    /// Wakes whom a commit has something for, without waiting for their next look.
    pub(crate) fn nudge(&self, woken: &Woken) {
        if woken.relay {
            self.0.outbox_nudge.notify_one();
        }
        if woken.timers.is_empty() {
            return;
        }
        let minders = self.0.minders.lock().unwrap_or_else(PoisonError::into_inner);
        for minder in minders.iter() {
            if woken.timers.iter().any(|name| minder.names.contains(name))
                && let Some(nudge) = minder.nudge.upgrade()
            {
                nudge.notify_one();
            }
        }
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
