use std::collections::BTreeSet;

use motcua_context::Timestamp;
use motcua_fault::{Fault, Kind};
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, RuntimeErr, Statement, TransactionTrait,
};
use sea_orm_migration::{MigrationTrait, SchemaManager};

use crate::{Database, OrFault, immediate};

/// The schema of one service, as this binary knows it.
pub struct Migrations {
    steps: Vec<Box<dyn MigrationTrait>>,
    contracts: &'static [&'static str],
}

/// How a database stands to this binary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SchemaState {
    /// Everything this binary knows is applied.
    Ready,
    /// These migrations are not applied yet.
    Pending(Vec<String>),
    /// The database has gone on to a form that this binary cannot read.
    TooNew {
        /// The migration that made it so.
        since: String,
    },
}

impl Migrations {
    /// These steps, in order. `contracts` names those after which an older binary
    /// can no longer run.
    pub fn of(steps: Vec<Box<dyn MigrationTrait>>, contracts: &'static [&'static str]) -> Self {
        Self { steps, contracts }
    }

    fn names(&self) -> Vec<String> {
        self.steps.iter().map(|step| step.name().to_owned()).collect()
    }

    /// The step that leads beyond what this binary can run with, if one was taken.
    fn too_new_for<'a>(&self, applied: &'a [Applied]) -> Option<&'a str> {
        let unknown = |row: &&Applied| self.steps.iter().all(|step| step.name() != row.name);
        applied.iter().filter(|row| row.contract).find(unknown).map(|row| row.name.as_str())
    }
}

impl Database {
    /// Applies what is pending, one process at a time. Answers the names applied.
    ///
    /// # Errors
    /// `SCHEMA_TOO_NEW`, and nothing is changed.
    pub async fn migrate(
        &self,
        migrations: &Migrations,
        now: Timestamp,
    ) -> Result<Vec<String>, Fault> {
        let db = self.writer();
        let tx = db.begin_with_options(immediate()).await.or_fault()?;
        lock(&tx, self.service()).await.or_fault()?;
        prepare(&tx, self.service()).await.or_fault()?;
        let applied = applied(&tx).await.or_fault()?;
        if let Some(since) = migrations.too_new_for(&applied) {
            return Err(too_new(since).with("service", self.service()));
        }
        let applied: BTreeSet<_> = applied.into_iter().map(|row| row.name).collect();
        let mut done = Vec::new();
        for step in migrations.steps.iter().filter(|s| !applied.contains(s.name())) {
            step.up(&SchemaManager::new(&tx)).await.or_fault()?;
            let contract = migrations.contracts.contains(&step.name());
            record(&tx, step.name(), contract, now).await.or_fault()?;
            done.push(step.name().to_owned());
        }
        tx.commit().await.or_fault()?;
        Ok(done)
    }

    /// Compares the database with what this binary knows, and changes nothing.
    pub async fn schema_state(&self, migrations: &Migrations) -> Result<SchemaState, Fault> {
        let known = migrations.names();
        let applied = match applied(self.reader()).await {
            Ok(rows) => rows,
            Err(error) if has_no_table(&error) => return Ok(SchemaState::Pending(known)),
            Err(error) => return Err(error).or_fault(),
        };
        if let Some(since) = migrations.too_new_for(&applied) {
            return Ok(SchemaState::TooNew { since: since.to_owned() });
        }
        let pending: Vec<_> =
            known.into_iter().filter(|name| applied.iter().all(|row| row.name != *name)).collect();
        Ok(if pending.is_empty() { SchemaState::Ready } else { SchemaState::Pending(pending) })
    }

    /// Refuses to go on unless the schema is ready.
    pub async fn require_schema(&self, migrations: &Migrations) -> Result<(), Fault> {
        let refused = match self.schema_state(migrations).await? {
            SchemaState::Ready => return Ok(()),
            SchemaState::Pending(names) => Fault::new(
                Kind::FailedPrecondition,
                "MIGRATIONS_PENDING",
                format!("the schema lacks {}: run `motcua migrate` first", names.join(", ")),
            ),
            SchemaState::TooNew { since } => too_new(&since),
        };
        Err(refused.with("service", self.service()))
    }
}

fn too_new(since: &str) -> Fault {
    let text = format!("the schema has {since}, which this version cannot run with: upgrade it");
    Fault::new(Kind::FailedPrecondition, "SCHEMA_TOO_NEW", text)
}

struct Applied {
    name: String,
    contract: bool,
}

async fn prepare(db: &DatabaseTransaction, service: &str) -> Result<(), DbErr> {
    if db.get_database_backend() == DbBackend::Postgres {
        let exists = Statement::from_sql_and_values(
            DbBackend::Postgres,
            "SELECT 1 FROM information_schema.schemata WHERE schema_name = $1",
            [service.into()],
        );
        // A login that owns only its schema may not even try to create one.
        if db.query_one_raw(exists).await?.is_none() {
            db.execute_unprepared(&format!("CREATE SCHEMA IF NOT EXISTS \"{service}\"")).await?;
        }
    }
    db.execute_unprepared(
        "CREATE TABLE IF NOT EXISTS migrations (name varchar(200) PRIMARY KEY, \
         contract boolean NOT NULL, applied_at varchar(40) NOT NULL)",
    )
    .await?;
    Ok(())
}

/// One at a time in this schema. Another's migration is waited for however long it
/// takes, and an index over millions of rows takes longer than any request may.
async fn lock(tx: &DatabaseTransaction, service: &str) -> Result<(), DbErr> {
    if tx.get_database_backend() == DbBackend::Postgres {
        tx.execute_unprepared("SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0")
            .await?;
        let one_at_a_time = Statement::from_sql_and_values(
            DbBackend::Postgres,
            "SELECT pg_advisory_xact_lock(hashtext('motcua.migrate.' || $1))",
            [service.into()],
        );
        tx.execute_raw(one_at_a_time).await?;
        // A table that somebody holds is not waited for: all behind would wait too.
        tx.execute_unprepared("SET LOCAL lock_timeout = '8s'").await?;
    }
    Ok(())
}

async fn applied(db: &impl ConnectionTrait) -> Result<Vec<Applied>, DbErr> {
    let statement = Statement::from_string(
        db.get_database_backend(),
        "SELECT name, contract FROM migrations ORDER BY name",
    );
    db.query_all_raw(statement)
        .await?
        .iter()
        .map(|row| {
            Ok(Applied { name: row.try_get("", "name")?, contract: row.try_get("", "contract")? })
        })
        .collect()
}

async fn record(
    tx: &DatabaseTransaction,
    name: &str,
    contract: bool,
    now: Timestamp,
) -> Result<(), DbErr> {
    let statement = Statement::from_sql_and_values(
        tx.get_database_backend(),
        "INSERT INTO migrations (name, contract, applied_at) VALUES ($1, $2, $3)",
        [name.into(), contract.into(), now.to_rfc3339().into()],
    );
    tx.execute_raw(statement).await?;
    Ok(())
}

fn has_no_table(error: &DbErr) -> bool {
    const UNDEFINED_TABLE: &str = "42P01";
    let (DbErr::Exec(RuntimeErr::SqlxError(cause)) | DbErr::Query(RuntimeErr::SqlxError(cause))) =
        error
    else {
        return false;
    };
    // SQLite has one code for all it does not understand; PostgreSQL's words have its locale.
    matches!(&**cause, sqlx::Error::Database(e)
        if e.code().is_some_and(|code| code == UNDEFINED_TABLE)
            || e.message().contains("no such table"))
}
