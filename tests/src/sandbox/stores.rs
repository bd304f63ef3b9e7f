//! What the processes have written, looked at from outside.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use motcua::roles;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};

use super::{Sandbox, backends};

/// The tables with their columns' types, of the schemas of services alone.
const COLUMNS: &str = "SELECT table_schema || '.' || table_name, column_name, data_type \
     FROM information_schema.columns \
     WHERE table_schema NOT IN ('pg_catalog', 'information_schema')";

impl Sandbox {
    /// The one number that a query of a service's tables answers, whether its
    /// process runs or not.
    pub async fn count(&self, service: &str, sql: &str) -> Result<i64> {
        let db = self.open(service).await?;
        let statement = Statement::from_string(db.get_database_backend(), sql);
        let row = db.query_one_raw(statement).await?.context("the query answers no row")?;
        let count = row.try_get_by_index(0);
        db.close().await?;
        Ok(count?)
    }

    /// The pairs of texts that a query of a service's tables answers.
    pub async fn pairs(&self, service: &str, sql: &str) -> Result<Vec<(String, String)>> {
        let db = self.open(service).await?;
        let statement = Statement::from_string(db.get_database_backend(), sql);
        let rows = db.query_all_raw(statement).await?;
        db.close().await?;
        let pair =
            |row: &sea_orm::QueryResult| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?));
        rows.iter().map(pair).collect()
    }

    /// Does something to a service's tables that no service would do: `sql` is run
    /// with their rules about each other switched off.
    pub async fn tamper(&self, service: &str, sql: &str) -> Result<()> {
        let db = self.open(service).await?;
        db.execute_unprepared(match db.get_database_backend() {
            DbBackend::Postgres => "SET session_replication_role = replica",
            _ => "PRAGMA foreign_keys = off",
        })
        .await?;
        db.execute_unprepared(sql).await?;
        Ok(db.close().await?)
    }

    async fn open(&self, service: &str) -> Result<DatabaseConnection> {
        if let Some(backends) = self.backends() {
            return backends.open(service).await;
        }
        let file = self.dir().join(format!("{service}.db"));
        backends::connect(&format!("sqlite:{}?mode=rw", file.display())).await
    }

    /// How many events of a service were committed and not yet published.
    pub async fn unpublished(&self, service: &str) -> Result<i64> {
        self.count(service, "SELECT count(*) FROM outbox WHERE published_at IS NULL").await
    }

    /// Every file, and every column of every table, that holds one of these
    /// texts as it is: "place: text".
    pub async fn places_of(&self, texts: &[String]) -> Result<Vec<String>> {
        let mut found = Vec::new();
        for file in files(self.dir())? {
            let content = std::fs::read(&file)?;
            let hits = texts.iter().filter(|text| contains(&content, text.as_bytes()));
            found.extend(hits.map(|text| format!("{}: {text}", file.display())));
        }
        if let Some(backends) = self.backends() {
            let db = backends.open(roles::ALL[0]).await?;
            for (table, column, kind) in columns(&db).await? {
                for text in texts {
                    if holds(&db, &table, &column, &kind, text).await? {
                        found.push(format!("{table}.{column}: {text}"));
                    }
                }
            }
        }
        Ok(found)
    }
}

async fn columns(db: &DatabaseConnection) -> Result<Vec<(String, String, String)>> {
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), COLUMNS)).await?;
    rows.iter()
        .map(|row| {
            let text = |index| row.try_get_by_index(index);
            Ok((text(0)?, text(1)?, text(2)?))
        })
        .collect::<Result<_, sea_orm::DbErr>>()
        .context("the tables' columns")
}

/// Whether a column holds the text: as bytes where it holds bytes, as written out otherwise.
async fn holds(
    db: &DatabaseConnection,
    table: &str,
    column: &str,
    kind: &str,
    text: &str,
) -> Result<bool> {
    let value = match kind {
        "bytea" => format!("\"{column}\""),
        _ => format!("convert_to(\"{column}\"::text, 'UTF8')"),
    };
    let sql = format!("SELECT count(*) FROM {table} WHERE position($1::bytea IN {value}) > 0");
    let values = [text.as_bytes().to_vec().into()];
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
    let row = db.query_one_raw(statement).await?.context("a count")?;
    Ok(row.try_get_by_index::<i64>(0)? > 0)
}

fn files(dir: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir)? {
        let path = entry?.path();
        if path.is_dir() { found.extend(files(&path)?) } else { found.push(path) }
    }
    Ok(found)
}

fn contains(content: &[u8], text: &[u8]) -> bool {
    content.windows(text.len()).any(|window| window == text)
}
