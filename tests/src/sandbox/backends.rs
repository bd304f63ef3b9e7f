//! A corner of the private servers for one sandbox: a database with a schema and
//! a login for each service, and names of its own on the broker.

use std::env;

use anyhow::{Context, Result};
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};

/// What the processes are given of the servers.
pub struct Backends {
    admin: String,
    database: String,
    prefix: String,
    amqp: String,
    redis: String,
    clamd: String,
}

impl Backends {
    /// Makes the database, schemas and logins.
    pub(super) async fn prepare(
        services: &[&str],
        variable: &(dyn Fn(&str) -> Result<String> + Sync),
    ) -> Result<Self> {
        let tag: String = hex::encode(rand::random::<[u8; 4]>());
        let server = variable("MOTCUA_TEST_PG")?;
        let (base, _) = server.rsplit_once('/').context("MOTCUA_TEST_PG is postgres://host/db")?;
        let database = format!("motcua_{tag}");
        let root = connect(&server).await?;
        root.execute_unprepared(&format!("CREATE DATABASE {database}")).await?;
        let admin = format!("{base}/{database}");
        let db = connect(&admin).await?;
        db.execute_unprepared("REVOKE ALL ON SCHEMA public FROM PUBLIC").await?;
        for service in services {
            let login = format!("{service}_{tag}");
            db.execute_unprepared(&format!(
                "CREATE ROLE {login} LOGIN PASSWORD 'secret-{tag}'; \
                 GRANT CONNECT ON DATABASE {database} TO {login}; \
                 CREATE SCHEMA {service} AUTHORIZATION {login}"
            ))
            .await?;
        }
        Ok(Self {
            admin,
            database,
            prefix: format!("{tag}."),
            amqp: variable("MOTCUA_TEST_AMQP")?,
            redis: variable("MOTCUA_TEST_REDIS")?,
            clamd: variable("MOTCUA_TEST_CLAMD")?,
        })
    }

    pub(super) fn settings(&self) -> String {
        let tag = self.prefix.trim_end_matches('.');
        let host = self.admin.rsplit_once('@').map_or(self.admin.as_str(), |(_, host)| host);
        format!(
            "[store]\nurl = \"postgres://{{service}}_{tag}:secret-{tag}@{host}\"\n\
             migrate_on_start = false\n\
             [bus]\nurl = \"{}\"\nprefix = \"{}\"\n\
             [cache]\nurl = \"{}\"\n\
             [keys]\ngenerate = false\n\
             [files]\nscan = \"required\"\nclamd = \"{}\"\n",
            self.amqp, self.prefix, self.redis, self.clamd
        )
    }

    /// The database, for the owner of everything.
    pub fn owners_url(&self) -> &str {
        &self.admin
    }

    /// Put before the names of exchange and queues there.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// The broker.
    pub fn broker_url(&self) -> &str {
        &self.amqp
    }

    /// The logins that are connected now, each once.
    pub async fn logins(&self) -> Result<Vec<String>> {
        let db = connect(&self.admin).await?;
        let statement = Statement::from_sql_and_values(
            db.get_database_backend(),
            "SELECT DISTINCT usename::text AS login FROM pg_stat_activity \
             WHERE datname = $1 AND application_name LIKE 'motcua-%' ORDER BY 1",
            [self.database.clone().into()],
        );
        let rows = db.query_all_raw(statement).await?;
        Ok(rows.iter().map(|row| row.try_get("", "login")).collect::<Result<_, _>>()?)
    }

    /// The one number that a query answers, asked by the owner of everything.
    pub async fn count(&self, sql: &str) -> Result<i64> {
        let db = connect(&self.admin).await?;
        let statement = Statement::from_string(db.get_database_backend(), sql);
        let row = db.query_one_raw(statement).await?.context("the query answers no row")?;
        Ok(row.try_get_by_index(0)?)
    }

    /// Everything, as its owner sees it, with one service's tables in front.
    pub(super) async fn open(&self, service: &str) -> Result<DatabaseConnection> {
        let db = connect(&self.admin).await?;
        db.execute_unprepared(&format!("SET search_path TO {service}")).await?;
        Ok(db)
    }

    /// Whether a service's login may read another service's table.
    pub async fn may_read(&self, service: &str, table: &str) -> Result<bool> {
        Ok(self.as_login(service, &format!("SELECT 1 FROM {table} LIMIT 1")).await.is_ok())
    }

    /// Runs a statement as the login of a service.
    pub async fn as_login(&self, service: &str, sql: &str) -> Result<()> {
        let tag = self.prefix.trim_end_matches('.');
        let host = self.admin.rsplit_once('@').map_or(self.admin.as_str(), |(_, host)| host);
        let url = format!("postgres://{service}_{tag}:secret-{tag}@{host}");
        let db = connect(&url).await?;
        db.execute_unprepared(sql).await?;
        Ok(())
    }
}

#[expect(clippy::disallowed_methods, reason = "where the private servers are")]
pub(super) fn variable(name: &str) -> Result<String> {
    env::var(name).with_context(|| format!("{name} is not set: run scripts/test"))
}

#[expect(clippy::disallowed_methods, reason = "a test's own database")]
pub(super) async fn connect(url: &str) -> Result<DatabaseConnection> {
    // One connection, so that what is set on it holds for every query.
    let mut options = sea_orm::ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    Ok(sea_orm::Database::connect(options).await?)
}
