//! What is shown of a service's state: read at intervals, by one process of each service.

use std::{sync::Arc, time::Duration};

use futures::future::BoxFuture;
use motcua_bus::Bus;
use motcua_context::{Clock, Timestamp};
use motcua_fault::Fault;
use motcua_store::{Lease, Store};
use motcua_telemetry::{Board, Gauge, KeyValue, Reading, meter};
use tokio_util::sync::CancellationToken;

/// One look may take so long; a database that is slower is busy with work.
const PATIENCE: Duration = Duration::from_secs(5);

macro_rules! gauges {
    ($($name:ident = $key:literal, $unit:literal, $says:literal;)*) => {
        $(static $name: Gauge = Gauge { name: $key, unit: $unit, description: $says };)*
        static GAUGES: [&Gauge; [$(&$name),*].len()] = [$(&$name),*];
    };
}

gauges! {
    UNSENT = "motcua.outbox.unsent", "{event}",
        "Events that were said and are not yet on the bus, counted up to 10000.";
    UNSENT_AGE = "motcua.outbox.oldest.age", "s", "How long the oldest of them has waited.";
    WAITING = "motcua.inbox.waiting", "{event}",
        "Events that were heard and not yet acted upon, the parked left out, counted up to 10000.";
    WAITING_AGE = "motcua.inbox.oldest.age", "s", "How long ago the oldest of them was said.";
    PARKED = "motcua.inbox.parked", "{event}", "Events parked for a person.";
    LATE = "motcua.timers.late", "{timer}",
        "Timers that were due more than a minute ago, counted up to 10000.";
    LATE_AGE = "motcua.timers.oldest.age", "s", "How long ago the latest of them was due.";
    QUEUE = "motcua.broker.messages", "{event}",
        "Events in the broker: in the service's own queue, among the dead, among the unrouted.";
}

type Count = Arc<dyn Fn(Timestamp) -> BoxFuture<'static, Result<u64, Fault>> + Send + Sync>;

/// Something of a service that is counted now and then. A count has an end: what
/// looks must not weigh on what is slow already.
#[derive(Clone)]
pub struct Lookout {
    gauge: &'static Gauge,
    about: Vec<KeyValue>,
    count: Count,
}

impl Lookout {
    /// Counts by `count`, and shows it as `gauge`; `about` says which one of the gauge it is.
    pub fn new<F, R>(
        gauge: &'static Gauge,
        about: impl IntoIterator<Item = (&'static str, &'static str)>,
        count: F,
    ) -> Self
    where
        F: Fn(Timestamp) -> R + Send + Sync + 'static,
        R: Future<Output = Result<u64, Fault>> + Send + 'static,
    {
        let about = about.into_iter().map(|(key, value)| KeyValue::new(key, value)).collect();
        Self { gauge, about, count: Arc::new(move |now| Box::pin(count(now))) }
    }
}

/// What a service's state is read from.
pub(crate) struct Watch {
    pub(crate) store: Store,
    pub(crate) bus: Bus,
    pub(crate) lookouts: Vec<Lookout>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) every: Duration,
}

impl Watch {
    /// Looks and shows until stopped, while `lease` is held: of several processes
    /// of a service one tells, so that a sum over them is right.
    pub(crate) async fn keep(self, lease: Lease, stop: CancellationToken) {
        let mut own: Vec<&'static Gauge> = self.lookouts.iter().map(|look| look.gauge).collect();
        own.sort_unstable_by_key(|gauge| gauge.name);
        own.dedup();
        let board = Board::new(GAUGES.into_iter().chain(own));
        self.tell_of_pools();
        while !stop.is_cancelled() {
            let look = tokio::time::timeout(PATIENCE, self.look(&lease)).await;
            let look = look.unwrap_or_else(|_| Err(Fault::unavailable("database")));
            board.show(look.unwrap_or_else(|fault| {
                let cause = std::error::Error::source(&fault).map(ToString::to_string);
                tracing::warn!(%fault, cause, service = self.store.service(), "nothing is counted");
                Vec::new()
            }));
            tokio::select! {
                () = tokio::time::sleep(self.every) => {}
                () = stop.cancelled() => {}
            }
        }
        let _ = lease.release().await;
    }

    async fn look(&self, lease: &Lease) -> Result<Vec<Reading>, Fault> {
        if lease.acquire().await?.is_none() {
            return Ok(Vec::new());
        }
        let (now, service) = (self.clock.now(), self.store.service());
        let depths = self.store.depths(now).await?;
        let age = |since: Option<Timestamp>| {
            since.map_or(0.0, |since| (now - since).as_seconds_f64().max(0.0))
        };
        let reading = |gauge, more: &[KeyValue], value| {
            let mut about = vec![KeyValue::new("motcua.service", service)];
            about.extend_from_slice(more);
            Reading { gauge, about, value }
        };
        #[expect(clippy::cast_precision_loss, reason = "ten thousand at the most")]
        let count = |n: u64| n as f64;
        let mut readings = vec![
            reading(&UNSENT, &[], count(depths.unsent)),
            reading(&UNSENT_AGE, &[], age(depths.unsent_since)),
            reading(&WAITING, &[], count(depths.waiting)),
            reading(&WAITING_AGE, &[], age(depths.waiting_since)),
            reading(&PARKED, &[], count(depths.parked)),
            reading(&LATE, &[], count(depths.late)),
            reading(&LATE_AGE, &[], age(depths.late_since)),
        ];
        for look in &self.lookouts {
            readings.push(reading(look.gauge, &look.about, count((look.count)(now).await?)));
        }
        // A broker that is away, or hangs, takes nothing away from the rest.
        let queues = tokio::time::timeout(PATIENCE / 2, self.bus.depths(service)).await;
        if let Ok(Ok(queues)) = queues {
            for (queue, messages) in queues {
                let which = KeyValue::new("queue", queue);
                readings.push(reading(&QUEUE, &[which], messages.into()));
            }
        }
        Ok(readings)
    }

    /// Pools need no look: they are asked when somebody wants to know.
    fn tell_of_pools(&self) {
        let about = |store: &Store, pool: &str| {
            KeyValue::new("db.client.connection.pool.name", format!("{}/{pool}", store.service()))
        };
        let store = self.store.clone();
        meter()
            .i64_observable_up_down_counter("db.client.connection.count")
            .with_unit("{connection}")
            .with_description("Connections to the database, at work and at hand.")
            .with_callback(move |told| {
                for pool in store.pools() {
                    let name = about(&store, pool.name);
                    for (state, count) in [("used", pool.used), ("idle", pool.idle)] {
                        let state = KeyValue::new("db.client.connection.state", state);
                        told.observe(count.into(), &[name.clone(), state]);
                    }
                }
            })
            .build();
        let store = self.store.clone();
        meter()
            .i64_observable_up_down_counter("db.client.connection.max")
            .with_unit("{connection}")
            .with_description("Connections to the database at the most.")
            .with_callback(move |told| {
                for pool in store.pools() {
                    told.observe(pool.max.into(), &[about(&store, pool.name)]);
                }
            })
            .build();
    }
}
