//! The service through its own gRPC, in process, on each database that can be had.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on must fail")]

mod access;
mod administrators;
mod disabling;
mod external;
mod keys;
mod officers;
mod people;
mod readings;
mod sealing;
mod sessions;
mod sign_in;
mod support;
mod systems;

/// A behaviour as two tests: on SQLite, and on PostgreSQL where there is one.
macro_rules! on_both {
    ($($behaviour:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test]
            async fn $behaviour() {
                motcua_testkit::on_each_database(motcua_testkit::Database::Sqlite, super::$behaviour).await;
            })+
        }
        mod postgres {
            $(#[tokio::test]
            async fn $behaviour() {
                motcua_testkit::on_each_database(motcua_testkit::Database::Postgres, super::$behaviour).await;
            })+
        }
    };
}
pub(crate) use on_both;
