//! Money that somebody should look after, counted for whoever watches the system.

use chrono::TimeDelta;
use motcua_service::{Gauge, Lookout};
use motcua_store::Store;

static STUCK: Gauge = Gauge {
    name: "motcua.payments.stuck",
    unit: "{payment}",
    description: "Payments, refunds and discrepancies that do not go on by themselves, counted up to 10000.",
};

const DISCREPANCY: &str = "SELECT count(*) AS n FROM (SELECT 1 FROM discrepancy \
                           WHERE resolved_at IS NULL AND found_at < $1 LIMIT 10000) AS looked";
const REFUND: &str = "SELECT count(*) AS n FROM (SELECT 1 FROM refund \
                      WHERE state = 'approved' AND decided_at < $1 LIMIT 10000) AS looked";
const UNCONFIRMED: &str = "SELECT count(*) AS n FROM (SELECT 1 FROM payment \
                           WHERE state = 'settled' AND method = 'gateway' \
                           AND confirmed_at IS NULL AND settled_at < $1 LIMIT 10000) AS looked";

/// Discrepancies nobody has settled, refunds that were approved and have not gone, payments that the
/// gateway has not confirmed.
pub(crate) fn of(store: &Store) -> Vec<Lookout> {
    let look = |why, sql, after: TimeDelta| {
        let store = store.clone();
        Lookout::new(&STUCK, [("why", why)], move |now| {
            let store = store.clone();
            async move { store.count(sql, [(now - after).into()]).await }
        })
    };
    vec![
        look("discrepancy", DISCREPANCY, TimeDelta::zero()),
        look("refund", REFUND, TimeDelta::days(1)),
        look("unconfirmed", UNCONFIRMED, TimeDelta::days(1)),
    ]
}
