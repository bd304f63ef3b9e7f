use std::path::Path;

use sea_orm::{ConnectionTrait, DatabaseConnection};

/// Which database a test runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Database {
    /// A file of its own.
    Sqlite,
    /// A database of its own on the server that `MOTCUA_TEST_PG` names.
    Postgres,
}

impl Database {
    /// Whether it can be had here.
    pub fn is_here(self) -> bool {
        self == Self::Sqlite || server().is_some()
    }

    /// The setting `store.url` of a database that nobody else uses.
    pub async fn url(self, dir: &Path) -> String {
        match self {
            Self::Sqlite => format!("sqlite:{}/{{service}}.db", dir.display()),
            Self::Postgres => {
                let server = server().expect("MOTCUA_TEST_PG names the server");
                let name = format!("t{}", uuid::Uuid::from_bytes(rand::random()).simple());
                let admin = connect(&server).await;
                admin.execute_unprepared(&format!("CREATE DATABASE {name}")).await.unwrap();
                admin.close().await.unwrap();
                let (base, _) = server.rsplit_once('/').expect("postgres://host/database");
                format!("{base}/{name}")
            }
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "a test's own server")]
fn server() -> Option<String> {
    std::env::var("MOTCUA_TEST_PG").ok().filter(|url| !url.is_empty())
}

#[expect(clippy::disallowed_methods, reason = "a test's own server")]
async fn connect(url: &str) -> DatabaseConnection {
    sea_orm::Database::connect(url).await.expect("MOTCUA_TEST_PG answers")
}
