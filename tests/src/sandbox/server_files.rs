//! What the servers behind the processes have written to their own files.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, ensure};
use sea_orm::ConnectionTrait;

use super::{
    Sandbox,
    backends::{connect, variable},
};

impl Sandbox {
    /// The files of PostgreSQL (tables, write-ahead log) and RabbitMQ, and their
    /// logs, that hold one of these texts as it is; none where there are no servers.
    pub async fn server_files_with(&self, texts: &[String]) -> Result<Vec<String>> {
        let Some(backends) = self.backends() else { return Ok(Vec::new()) };
        let root = PathBuf::from(variable("MOTCUA_TEST_SERVERS")?);
        // What lies in memory alone is written down first.
        let db = connect(backends.owners_url()).await?;
        db.execute_unprepared("CHECKPOINT").await?;
        let own = backends
            .count("SELECT oid::bigint FROM pg_database WHERE datname = current_database()")
            .await?;
        let tables = folder_of(&root, &format!("base/{own}"))?;
        let texts = texts.to_vec();
        tokio::task::spawn_blocking(move || -> Result<Vec<String>> {
            // Other tests' tables are none of ours; the log is everybody's.
            let mut found = search(&root, &["--exclude-dir=base"], &texts)?;
            found.extend(search(&tables, &[], &texts)?);
            Ok(found)
        })
        .await?
    }
}

/// A folder in PostgreSQL's data.
fn folder_of(root: &Path, part: &str) -> Result<PathBuf> {
    std::fs::read_dir(root)?
        .flatten()
        .map(|entry| entry.path().join("data").join(part))
        .find(|path| path.is_dir())
        .with_context(|| format!("{} has no {part}", root.display()))
}

fn search(folder: &Path, more: &[&str], texts: &[String]) -> Result<Vec<String>> {
    let mut grep = Command::new("grep");
    // Files that go while it looks are no trouble.
    grep.args(["-rlsaF"]).args(more).env("LC_ALL", "C");
    for text in texts {
        grep.args(["-e", text]);
    }
    let output = grep.arg("--").arg(folder).output()?;
    ensure!(output.status.code().is_some(), "grep was ended");
    Ok(String::from_utf8_lossy(&output.stdout).lines().map(ToOwned::to_owned).collect())
}
