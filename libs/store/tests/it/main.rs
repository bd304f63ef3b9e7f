//! One behaviour suite, run on SQLite and on PostgreSQL.
#![expect(clippy::unwrap_used, reason = "a test that cannot begin must fail")]

mod audit;
mod depths;
mod due;
mod house;
mod inbox;
mod lease;
mod log;
mod migrate;
mod outbox;
mod support;
mod write;

/// Runs each behaviour on both databases, as `sqlite::…` and `postgres::…`.
macro_rules! on_both {
    ($($behaviour:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test]
            async fn $behaviour() {
                super::$behaviour(motcua_testkit::Database::Sqlite).await;
            })+
        }
        mod postgres {
            $(#[tokio::test]
            async fn $behaviour() {
                let database = motcua_testkit::Database::Postgres;
                motcua_testkit::on_each_database(database, super::$behaviour).await;
            })+
        }
    };
}
pub(crate) use on_both;
