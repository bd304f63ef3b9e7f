//! Dossiers that somebody should look after, counted for whoever watches the system.

use chrono::{DateTime, TimeDelta, Utc};
use motcua_fault::Fault;
use motcua_service::{Gauge, Lookout};
use motcua_store::{OrFault, Store};
use sea_orm::{ConnectionTrait, Statement};

static STUCK: Gauge = Gauge {
    name: "motcua.dossiers.stuck",
    unit: "{dossier}",
    description: "Dossiers that do not go on by themselves, counted up to 10000.",
};

/// Processing begins within seconds of acceptance.
const BEGINS_WITHIN: TimeDelta = TimeDelta::minutes(10);

// The states stand in the text, so that the database sees that they are the index's own.
const UNANSWERED: &str = "SELECT count(*) AS n FROM (SELECT 1 FROM dossiers \
                          WHERE state = 'submitted' AND reply_due_at < $1 LIMIT 10000) AS looked";
const NOT_STARTED: &str = "SELECT count(*) AS n FROM (SELECT 1 FROM dossiers \
                           WHERE state = 'accepted' AND accepted_at < $1 LIMIT 10000) AS looked";

/// Submitted, and the desk's time to answer is over; accepted, and processing has not begun.
pub(crate) fn of(store: &Store) -> Vec<Lookout> {
    let look = |why, sql, after: TimeDelta| {
        let store = store.clone();
        Lookout::new(&STUCK, [("why", why)], move |now| {
            let store = store.clone();
            async move { count(&store, sql, now - after).await }
        })
    };
    vec![
        look("unanswered", UNANSWERED, TimeDelta::zero()),
        look("not_started", NOT_STARTED, BEGINS_WITHIN),
    ]
}

async fn count(store: &Store, sql: &str, before: DateTime<Utc>) -> Result<u64, Fault> {
    let db = store.reader();
    let values = [before.into()];
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
    let row = db.query_one_raw(statement).await.or_fault()?;
    let row = row.ok_or_else(|| Fault::internal("a count answers no row"))?;
    u64::try_from(row.try_get::<i64>("", "n").or_fault()?).map_err(Fault::internal)
}
