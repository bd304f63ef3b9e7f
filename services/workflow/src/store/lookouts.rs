//! Dossiers that somebody should look after, counted for whoever watches the system.

use chrono::{DateTime, Utc};
use motcua_service::{Gauge, Lookout};
use motcua_store::Store;
use sea_orm::Value;

static OVERDUE: Gauge = Gauge {
    name: "motcua.dossiers.overdue",
    unit: "{dossier}",
    description: "Dossiers in processing past their promised time, counted up to 10000.",
};
static STUCK: Gauge = Gauge {
    name: "motcua.dossiers.stuck",
    unit: "{dossier}",
    description: "Dossiers that do not go on by themselves, counted up to 10000.",
};

/// By the index `process_due`. The states stand in the text, so that the
/// database sees that they are the index's own.
const LATE: &str = "SELECT count(*) AS n FROM (SELECT 1 FROM process \
                    WHERE state = 'running' AND promised_due_at < $1 LIMIT 10000) AS looked";
/// By the index `task_due`.
const UNTAKEN: &str = "SELECT count(*) AS n FROM (SELECT 1 FROM task \
                       WHERE is_open AND holder IS NULL AND due_key < $1 LIMIT 10000) AS looked";
/// Of the ten thousand that are due first.
const ORPHANED: &str = "SELECT count(*) AS n FROM (SELECT id FROM process \
                        WHERE state = 'running' ORDER BY promised_due_at LIMIT 10000) AS p \
                        WHERE NOT EXISTS \
                        (SELECT 1 FROM task t WHERE t.process = p.id AND t.is_open)";

/// Overdue; waiting past a step's time without a hand; without a step at all.
pub(crate) fn lookouts(store: &Store) -> Vec<Lookout> {
    let look = |gauge, why: Option<&'static str>, sql, values: fn(DateTime<Utc>) -> Vec<Value>| {
        let store = store.clone();
        Lookout::new(gauge, why.map(|why| ("why", why)), move |now| {
            let (store, values) = (store.clone(), values(now));
            async move { store.count(sql, values).await }
        })
    };
    vec![
        look(&OVERDUE, None, LATE, |now| vec![now.into()]),
        look(&STUCK, Some("task_untaken"), UNTAKEN, |now| vec![now.timestamp_micros().into()]),
        look(&STUCK, Some("no_task"), ORPHANED, |_| Vec::new()),
    ]
}
