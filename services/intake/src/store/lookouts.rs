//! Dossiers that somebody should look after, counted for whoever watches the system.

use chrono::TimeDelta;
use motcua_service::{Gauge, Lookout};
use motcua_store::Store;

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
            async move { store.count(sql, [(now - after).into()]).await }
        })
    };
    vec![
        look("unanswered", UNANSWERED, TimeDelta::zero()),
        look("not_started", NOT_STARTED, BEGINS_WITHIN),
    ]
}
