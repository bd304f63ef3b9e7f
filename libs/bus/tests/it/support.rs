use std::{sync::Arc, time::Duration};

use motcua_bus::{Bus, BusConfig, Hold, Subscriptions, courier, relay};
use motcua_context::{Actor, Cause, Clock, Ctx, System, SystemClock};
use motcua_ids::{EventId, Uuid};
use motcua_post::Envelope;
use motcua_proto::access::v1::PersonalDataRead;
use motcua_store::{DatabaseOptions, Store, schema};
use motcua_testkit::Database;
use prost::{Message, Name};
use tempfile::TempDir;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// Far beyond what anything here takes: a hang, not a slow machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) mod heard {
    use std::sync::{Arc, Mutex};

    use tokio::sync::Notify;

    /// What was heard, in order.
    #[derive(Clone, Default)]
    pub(crate) struct Log {
        words: Arc<Mutex<Vec<String>>>,
        heard: Arc<Notify>,
    }

    impl Log {
        pub(crate) fn note(&self, word: &str) {
            self.words.lock().unwrap().push(word.to_owned());
            self.heard.notify_one();
        }

        pub(crate) async fn wait_for(&self, count: usize) -> Vec<String> {
            let wait = async {
                loop {
                    let words = self.words.lock().unwrap().clone();
                    if words.len() >= count {
                        return words;
                    }
                    self.heard.notified().await;
                }
            };
            tokio::time::timeout(super::PATIENCE, wait).await.unwrap()
        }
    }
}

/// A bus of this test's own.
pub(crate) struct BusUnderTest {
    pub(crate) bus: Bus,
    /// The broker's address, and what stands before the names there.
    pub(crate) server: Option<(String, String)>,
}

impl BusUnderTest {
    pub(crate) fn memory() -> Self {
        Self { bus: Bus::new(&BusConfig::Memory), server: None }
    }

    #[expect(clippy::disallowed_methods, reason = "a test's own server")]
    pub(crate) fn rabbitmq() -> Option<Self> {
        let url = std::env::var("MOTCUA_TEST_AMQP").ok().filter(|url| !url.is_empty())?;
        let prefix = format!("t{}.", Uuid::from_bytes(rand::random()).simple());
        let server = Some((url.clone(), prefix.clone()));
        Some(Self { bus: Bus::new(&BusConfig::Rabbit { url, prefix, window: 64 }), server })
    }
}

/// A service that says and hears, and does nothing else.
pub(crate) struct Service {
    pub(crate) store: Store,
    stop: CancellationToken,
    tasks: TaskTracker,
    _dir: TempDir,
}

/// How long one is silent before another takes over: shorter than what is slow here.
pub(crate) const LEASE: Duration = Duration::from_millis(600);

pub(crate) async fn store(name: &'static str) -> (Store, TempDir) {
    let dir = tempfile::tempdir().unwrap();
    let url = Database::Sqlite.url(dir.path()).await.replace("{service}", name);
    let store = Store::open(name, &DatabaseOptions::new(url)).await.unwrap();
    store.migrate(&schema(Vec::new(), &[]), SystemClock.now()).await.unwrap();
    (store, dir)
}

impl Service {
    pub(crate) async fn start(
        bus: &BusUnderTest,
        name: &'static str,
        subscriptions: Subscriptions,
    ) -> Self {
        Self::start_on(bus, store(name).await, name, subscriptions).await
    }

    pub(crate) async fn start_on(
        bus: &BusUnderTest,
        (store, dir): (Store, TempDir),
        name: &'static str,
        subscriptions: Subscriptions,
    ) -> Self {
        let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let lease = |what| store.lease(what, name, LEASE);
        bus.bus.declare(name, &subscriptions).await.unwrap();
        bus.bus.subscribe(&store, &subscriptions, &tasks, stop.clone());
        tasks.spawn(relay(
            store.clone(),
            bus.bus.clone(),
            lease("relay"),
            clock.clone(),
            Hold::default(),
            stop.clone(),
        ));
        tasks.spawn(courier(store.clone(), subscriptions, lease("courier"), clock, stop.clone()));
        Self { store, stop, tasks, _dir: dir }
    }

    /// Asks it to stop.
    pub(crate) fn stop(&self) {
        self.stop.cancel();
    }

    /// Waits until it has stopped.
    pub(crate) async fn stopped(&self) {
        self.tasks.close();
        tokio::time::timeout(PATIENCE, self.tasks.wait()).await.unwrap();
    }

    pub(crate) async fn say<E: Message + Name>(&self, key: Uuid, event: &E) {
        let id = Uuid::from_bytes(rand::random());
        let ctx = Ctx::new(Actor::System(System::service("probe")), SystemClock.now())
            .with_cause(Cause::Command { id });
        self.store
            .write(&ctx, key, async |tx| {
                tx.publish(key, event);
                Ok(())
            })
            .await
            .unwrap();
    }

    pub(crate) async fn until_relayed(&self) {
        self.until(async || self.store.outbox().lag().await.unwrap().0 == 0).await;
    }

    pub(crate) async fn until_read(&self) {
        self.until(async || self.store.inbox().counts().await.unwrap().waiting == 0).await;
    }

    pub(crate) async fn until(&self, mut done: impl AsyncFnMut() -> bool) {
        let wait = async {
            while !done().await {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(PATIENCE, wait).await.unwrap();
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

pub(crate) fn uuid(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

pub(crate) fn said(word: &str) -> PersonalDataRead {
    PersonalDataRead { purpose: word.to_owned(), ..PersonalDataRead::default() }
}

pub(crate) fn envelope<E: Message + Name>(id: u128, event: &E) -> Envelope {
    Envelope {
        id: EventId::new(uuid(id)),
        event_type: E::full_name(),
        source: "probe".to_owned(),
        key: uuid(1),
        payload: event.encode_to_vec(),
        traceparent: None,
        occurred_at: SystemClock.now(),
    }
}
