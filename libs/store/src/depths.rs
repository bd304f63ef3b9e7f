use chrono::TimeDelta;
use motcua_context::Timestamp;
use motcua_fault::Fault;
use sea_orm::{ConnectionTrait, FromQueryResult, Statement, Value};

use crate::{OrFault, Store};

/// What is counted at the most: whoever looks must not weigh on what is slow already.
const MOST: i64 = 10_000;
/// A timer that is due so long was not merely waiting for its turn.
const LATE: TimeDelta = TimeDelta::minutes(1);

/// What waits in a service, each up to ten thousand.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Depths {
    /// Events said and not yet published.
    pub unsent: u64,
    /// When the oldest of them was said.
    pub unsent_since: Option<Timestamp>,
    /// Events heard and not yet acted upon, but for the parked.
    pub waiting: u64,
    /// When the oldest of them was said.
    pub waiting_since: Option<Timestamp>,
    /// Events parked for a person.
    pub parked: u64,
    /// Timers that were due more than a minute ago.
    pub late: u64,
    /// When the latest of them was due.
    pub late_since: Option<Timestamp>,
}

#[derive(FromQueryResult)]
struct Count {
    n: i64,
    parked: i64,
}

impl Store {
    /// What waits, counted with an end: five short queries, each by an index.
    pub async fn depths(&self, now: Timestamp) -> Result<Depths, Fault> {
        let unsent = "SELECT count(*) AS n, CAST(0 AS BIGINT) AS parked FROM \
                      (SELECT 1 FROM outbox WHERE published_at IS NULL LIMIT $1) AS looked";
        let heard = "SELECT count(*) AS n, count(CASE WHEN parked THEN 1 END) AS parked FROM \
                     (SELECT parked FROM inbox ORDER BY position LIMIT $1) AS looked";
        let late = "SELECT count(*) AS n, CAST(0 AS BIGINT) AS parked FROM \
                    (SELECT 1 FROM due WHERE at < $2 LIMIT $1) AS looked";
        let unsent = self.counted(unsent, [MOST.into()]).await?;
        let heard = self.counted(heard, [MOST.into()]).await?;
        let late_before = now - LATE;
        let late = self.counted(late, [MOST.into(), late_before.into()]).await?;
        let since = self.since(late_before).await?;
        Ok(Depths {
            unsent: number(unsent.n),
            unsent_since: since[0],
            waiting: number(heard.n - heard.parked),
            waiting_since: since[1],
            parked: number(heard.parked),
            late: number(late.n),
            late_since: since[2],
        })
    }

    async fn counted<const N: usize>(&self, sql: &str, values: [Value; N]) -> Result<Count, Fault> {
        let db = self.reader();
        let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
        let row = Count::find_by_statement(statement).one(db).await.or_fault()?;
        row.ok_or_else(|| Fault::internal("a count answers no row"))
    }

    /// Since when the oldest of each waits.
    async fn since(&self, late_before: Timestamp) -> Result<[Option<Timestamp>; 3], Fault> {
        let unsent = "SELECT occurred_at AS since FROM outbox WHERE published_at IS NULL \
                      ORDER BY seq LIMIT 1";
        let waiting = "SELECT occurred_at AS since FROM inbox WHERE NOT parked \
                       ORDER BY position LIMIT 1";
        let late = "SELECT at AS since FROM due WHERE at < $1 ORDER BY at LIMIT 1";
        Ok([
            self.oldest(unsent, []).await?,
            self.oldest(waiting, []).await?,
            self.oldest(late, [late_before.into()]).await?,
        ])
    }

    async fn oldest<const N: usize>(
        &self,
        sql: &str,
        values: [Value; N],
    ) -> Result<Option<Timestamp>, Fault> {
        let db = self.reader();
        let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
        let row = db.query_one_raw(statement).await.or_fault()?;
        row.map(|row| row.try_get("", "since").or_fault()).transpose()
    }
}

fn number(count: i64) -> u64 {
    u64::try_from(count).unwrap_or_default()
}
