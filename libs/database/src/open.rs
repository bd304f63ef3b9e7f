use std::{sync::Arc, time::Duration};

use motcua_fault::Fault;
use sea_orm::{
    ConnectOptions, ConnectionTrait, DatabaseConnection, DbBackend, SqliteTransactionMode,
    Statement, TransactionOptions,
};
use sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};

use crate::{Lease, OrFault};

/// How long a connection may lie idle and still be believed in.
const ASK_AFTER: Duration = Duration::from_secs(1);

/// How a database is opened.
#[derive(Debug, Clone)]
pub struct DatabaseOptions {
    /// `sqlite:<file>` or `postgres://…`.
    pub url: String,
    /// Connections to PostgreSQL at the most. SQLite has one writer and this many readers.
    pub max_connections: u32,
    /// How long a caller waits for a connection before it is told UNAVAILABLE.
    pub acquire_timeout: Duration,
}

impl DatabaseOptions {
    /// The defaults for a URL.
    pub fn new(url: impl Into<String>) -> Self {
        Self { url: url.into(), max_connections: 8, acquire_timeout: Duration::from_secs(5) }
    }
}

/// A service's database. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Database(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    service: &'static str,
    writer: DatabaseConnection,
    reader: DatabaseConnection,
}

impl Database {
    /// Opens the database of `service`. On PostgreSQL its schema bears the service's name.
    pub async fn open(service: &'static str, options: &DatabaseOptions) -> Result<Self, Fault> {
        let sqlite = options.url.starts_with("sqlite:");
        let connections = if sqlite { 1 } else { options.max_connections };
        let writer = connect(service, options, Access::Write, connections).await?;
        let reader = if sqlite {
            connect(service, options, Access::Write, options.max_connections.max(2)).await?
        } else {
            writer.clone()
        };
        Ok(Self(Arc::new(Inner { service, writer, reader })))
    }

    /// Opens the database of `service` for whoever looks and changes nothing: the
    /// database itself refuses every write. Nothing is made that is missing.
    pub async fn open_to_read(
        service: &'static str,
        options: &DatabaseOptions,
    ) -> Result<Self, Fault> {
        let reader = connect(service, options, Access::Read, 2).await?;
        Ok(Self(Arc::new(Inner { service, writer: reader.clone(), reader })))
    }

    /// The service whose database this is.
    pub fn service(&self) -> &'static str {
        self.0.service
    }

    /// Where queries run. Nothing is changed through it.
    pub fn reader(&self) -> &DatabaseConnection {
        &self.0.reader
    }

    /// Where transactions that change something begin.
    pub fn writer(&self) -> &DatabaseConnection {
        &self.0.writer
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), Fault> {
        self.reader().ping().await.or_fault()?;
        if self.is_sqlite() {
            return Ok(());
        }
        let standby = Statement::from_string(DbBackend::Postgres, "SELECT pg_is_in_recovery()");
        let row = self.writer().query_one_raw(standby).await.or_fault()?;
        match row.map(|row| row.try_get_by_index::<bool>(0)) {
            Some(Ok(false)) => Ok(()),
            _ => Err(Fault::unavailable("database")),
        }
    }

    /// The right to be the only one that does `name` in this service.
    pub fn lease(&self, name: &'static str, holder: impl Into<String>, ttl: Duration) -> Lease {
        Lease::new(self.writer().clone(), name, holder.into(), ttl)
    }

    /// Whether this is the embedded database.
    pub fn is_sqlite(&self) -> bool {
        self.reader().get_database_backend() == DbBackend::Sqlite
    }

    /// Closes the connections.
    pub async fn close(&self) -> Result<(), Fault> {
        self.0.writer.clone().close().await.or_fault()?;
        self.0.reader.clone().close().await.or_fault()
    }
}

/// SQLite takes its write lock at once: taken later, it would find that another
/// was faster, and fail.
pub fn immediate() -> TransactionOptions {
    TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..Default::default()
    }
}

/// What may be done on a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Access {
    Read,
    Write,
}

#[expect(clippy::disallowed_methods, reason = "the one place where a database is connected")]
async fn connect(
    service: &'static str,
    options: &DatabaseOptions,
    access: Access,
    connections: u32,
) -> Result<DatabaseConnection, Fault> {
    let reads = access == Access::Read;
    let mut connect = ConnectOptions::new(&options.url);
    connect
        .max_connections(connections)
        .min_connections(1)
        .acquire_timeout(options.acquire_timeout)
        .connect_timeout(options.acquire_timeout)
        // With either of them sqlx 0.9 looks after its pool by a loop over a count that wraps around
        // when a connection comes back at the wrong moment: a thread that never rests again.
        .idle_timeout(None)
        .max_lifetime(None)
        // A lost connection shows when it is used; asking before each use costs a round trip.
        .test_before_acquire_if_idle_for(ASK_AFTER)
        // A statement's values are personal data.
        .sqlx_logging(false)
        .set_schema_search_path(service)
        .set_application_name(format!("motcua-{service}"))
        // A partitioned pod's locks must not hold the others up for hours.
        .map_sqlx_postgres_opts(move |postgres| {
            postgres.options([
                ("statement_timeout", "30s"),
                ("lock_timeout", "8s"),
                ("idle_in_transaction_session_timeout", "30s"),
                ("default_transaction_read_only", if reads { "on" } else { "off" }),
            ])
        })
        .map_sqlx_sqlite_opts(move |sqlite| {
            sqlite
                .create_if_missing(!reads)
                .pragma("query_only", if reads { "on" } else { "off" })
                .journal_mode(SqliteJournalMode::Wal)
                // What was answered survives a power cut.
                .synchronous(SqliteSynchronous::Full)
                .busy_timeout(Duration::from_secs(10))
                .foreign_keys(true)
        });
    sea_orm::Database::connect(connect).await.or_fault()
}
