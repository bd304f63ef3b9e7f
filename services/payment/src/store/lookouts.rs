//! Money that somebody should look after, counted for whoever watches the system.

use chrono::TimeDelta;
use motcua_service::{Gauge, Lookout};
use motcua_store::Store;

static STUCK: Gauge = Gauge {
    name: "motcua.payments.stuck",
    unit: "{payment}",
    description: "Orders, payments, refunds and discrepancies that do not go on by themselves, counted up to 10000.",
};

static UNSOUND: Gauge = Gauge {
    name: "motcua.books.unsound",
    unit: "{finding}",
    description: "What the last look through the books found to be wrong, counted up to 100.",
};

const FOUND: &str = "SELECT CAST(COALESCE(SUM(number), 0) AS BIGINT) AS n FROM books_finding \
                     WHERE what = $1";

const DISCREPANCY: &str = "SELECT count(*) AS n FROM (SELECT 1 FROM discrepancy \
                           WHERE resolved_at IS NULL AND found_at < $1 LIMIT 10000) AS looked";
const REFUND: &str = "SELECT count(*) AS n FROM (SELECT 1 FROM refund \
                      WHERE state = 'approved' AND decided_at < $1 LIMIT 10000) AS looked";
const UNCONFIRMED: &str = "SELECT count(*) AS n FROM (SELECT 1 FROM payment \
                           WHERE state = 'settled' AND method = 'gateway' \
                           AND confirmed_at IS NULL AND settled_at < $1 LIMIT 10000) AS looked";
pub(super) const TO_ASSESS: &str = "SELECT count(*) AS n FROM (SELECT 1 FROM fee_order \
                         WHERE state = 'to_assess' AND accepted_at < $1 LIMIT 10000) AS looked";
/// The longest holidays, Tết with the weekends at both ends, are nine days: what waited through them
/// nobody has forgotten yet.
const ASSESSED_BY: TimeDelta = TimeDelta::days(10);

/// What the books were last found to say wrongly; discrepancies nobody has settled, refunds that were
/// approved and have not gone, payments that the gateway has not confirmed, dossiers accepted days ago
/// of which nobody has said how much is owed.
pub(crate) fn of(store: &Store) -> Vec<Lookout> {
    let look = |why, sql, after: TimeDelta| {
        let store = store.clone();
        Lookout::new(&STUCK, [("why", why)], move |now| {
            let store = store.clone();
            async move { store.count(sql, [(now - after).into()]).await }
        })
    };
    let found = |what: &'static str| {
        let store = store.clone();
        Lookout::new(&UNSOUND, [("what", what)], move |_| {
            let store = store.clone();
            async move { store.count(FOUND, [what.into()]).await }
        })
    };
    vec![
        found("unbalanced"),
        found("not_as_booked"),
        found("not_as_approved"),
        found("not_as_surplus"),
        found("not_booked"),
        found("not_as_stated"),
        found("receipt_gone"),
        look("discrepancy", DISCREPANCY, TimeDelta::zero()),
        look("refund", REFUND, TimeDelta::days(1)),
        look("unconfirmed", UNCONFIRMED, TimeDelta::days(1)),
        look("to_assess", TO_ASSESS, ASSESSED_BY),
    ]
}
