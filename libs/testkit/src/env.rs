use std::{marker::PhantomData, sync::Arc, time::Duration};

use motcua_config::{Layers, Settings};
use motcua_context::{Actor, Clock, Ctx, ManualClock, Timestamp};
use motcua_ids::{EventId, Uuid};
use motcua_keys::ServiceKeys;
use motcua_post::{Envelope, Sought};
use motcua_rpc::{ServiceIdentity, Wire, bearer, outgoing};
use motcua_service::{Host, Module, Running};
use motcua_spine::declare_spine;
use motcua_store::Store;
use prost::{Message, Name};
use sea_orm::{ConnectionTrait, Statement};
use tempfile::TempDir;

use crate::{Database, Neighbour, Tokens};

const ISSUER: &str = "motcua-test";
/// Services whose calls a test may make; their keys are made for each test.
const SERVICES: [&str; 6] =
    ["identity", "catalog", "intake", "workflow", "payment", "notification"];
/// Far beyond what anything here takes: a hang, not a slow machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// How a service under test is set up.
pub struct Builder<M> {
    database: Database,
    now: Timestamp,
    settings: Vec<String>,
    neighbours: Vec<(&'static str, Neighbour)>,
    module: PhantomData<M>,
}

/// One service running in this process, as it runs in production.
pub struct TestEnv<M> {
    /// Stands still until moved.
    pub clock: Arc<ManualClock>,
    /// The service's database.
    pub store: Store,
    tokens: Tokens,
    keys: ServiceKeys,
    running: Running,
    module: PhantomData<M>,
    /// Deleted with the environment.
    dir: TempDir,
}

/// Runs a test on every database that can be had here. Call it from a test named
/// `…::postgres` with [`Database::Postgres`], and from its twin with SQLite.
pub async fn on_each_database(database: Database, test: impl AsyncFnOnce(Database)) {
    if database.is_here() {
        test(database).await;
    }
}

impl<M: Module> Builder<M> {
    /// Begins at another instant than 2026-03-02T02:00:00Z, a Monday at nine in Viet Nam.
    #[must_use]
    pub fn at(mut self, now: Timestamp) -> Self {
        self.now = now;
        self
    }

    /// Runs on another database than SQLite.
    #[must_use]
    pub fn on(mut self, database: Database) -> Self {
        self.database = database;
        self
    }

    /// Sets a key of the configuration: `intake.max_papers=3`.
    #[must_use]
    pub fn set(mut self, pair: impl Into<String>) -> Self {
        self.settings.push(pair.into());
        self
    }

    /// Gives the service a neighbour. What it says as `identity` is said beside what vouches for
    /// tokens.
    #[must_use]
    pub fn neighbour(mut self, name: &'static str, neighbour: Neighbour) -> Self {
        self.neighbours.push((name, neighbour));
        self
    }

    /// Starts the service.
    pub async fn start(self) -> TestEnv<M> {
        let dir = tempfile::tempdir().unwrap();
        let url = self.database.url(dir.path()).await;
        let keys = ServiceKeys::new(dir.path().join("keys"), true);
        for service in SERVICES {
            keys.identity(service).unwrap();
        }
        let clock = Arc::new(ManualClock::new(self.now));
        let tokens = Tokens::new(ISSUER);
        let settings = load::<M>(&dir, &url, self.settings);
        let mut host = Host::new(settings, &[M::NAME], &[M::NAME], clock.clone())
            .unwrap()
            .trusting(&keys.public(&SERVICES).unwrap());
        let mut identity = tokens.identity();
        for (name, neighbour) in self.neighbours {
            if name == "identity" {
                identity = identity.and(neighbour);
            } else {
                host = host.with_neighbour(name, neighbour.wire());
            }
        }
        if M::NAME != "identity" {
            host = host.with_neighbour("identity", identity.wire());
        }
        host.mount::<M>().await.unwrap();
        let store = host.store(M::NAME).unwrap().clone();
        let running = host.start().await.unwrap();
        TestEnv { clock, store, tokens, keys, running, module: PhantomData, dir }
    }
}

impl<M: Module> TestEnv<M> {
    /// A service on SQLite with no neighbours but an `identity` that vouches for
    /// every token this environment issues.
    pub fn builder() -> Builder<M> {
        Builder {
            database: Database::Sqlite,
            now: "2026-03-02T02:00:00Z".parse().unwrap(),
            settings: Vec::new(),
            neighbours: Vec::new(),
            module: PhantomData,
        }
    }

    /// The instant the clock stands at.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The way in for `actor`, with a token of this instant.
    pub fn wire(&self, actor: &Actor) -> Wire {
        match self.tokens.issue(actor, self.now()) {
            Some(token) => bearer(self.running.wire(), &token),
            None => self.running.wire(),
        }
    }

    /// The way in with a token as it is, good or bad.
    pub fn wire_with_token(&self, token: &str) -> Wire {
        bearer(self.running.wire(), token)
    }

    /// A token for `actor` of this instant.
    pub fn token(&self, actor: &Actor) -> String {
        self.tokens.issue(actor, self.now()).unwrap_or_default()
    }

    /// The way in for one of our services.
    pub fn service(&self, name: &str) -> Wire {
        let identity: ServiceIdentity = self.keys.identity(name).unwrap();
        outgoing(self.running.wire(), identity, self.clock.clone())
    }

    /// Where HTTP is served.
    pub fn http(&self) -> std::net::SocketAddr {
        self.running.http()
    }

    /// The folder of this environment's files.
    pub fn dir(&self) -> &std::path::Path {
        self.dir.path()
    }

    /// A request id that was never used.
    pub fn request_id(&self) -> String {
        uuid::Builder::from_random_bytes(rand::random()).into_uuid().to_string()
    }

    /// What the service has said of this type, in order.
    pub async fn said<E: Message + Name + Default>(&self) -> Vec<E> {
        let db = self.store.reader();
        let statement = Statement::from_sql_and_values(
            db.get_database_backend(),
            "SELECT payload FROM outbox WHERE type = $1 ORDER BY seq",
            [E::full_name().into()],
        );
        let rows = db.query_all_raw(statement).await.unwrap();
        rows.iter()
            .map(|row| {
                let payload: Vec<u8> = row.try_get("", "payload").unwrap();
                E::decode(payload.as_slice()).unwrap()
            })
            .collect()
    }

    /// Tells the service an event about `key`, and waits until it has acted upon
    /// it or parked it. Answers the reason if it was parked.
    pub async fn tell<E: Message + Name>(&self, key: Uuid, event: &E) -> Option<String> {
        self.tell_again(self.envelope(key, event)).await
    }

    /// An event as it would travel; tell it twice to see that it counts once.
    pub fn envelope<E: Message + Name>(&self, key: Uuid, event: &E) -> Envelope {
        Envelope {
            id: Ctx::new(Actor::Anonymous, self.now()).new_id::<EventId>(),
            event_type: E::full_name(),
            source: "test".to_owned(),
            key,
            payload: event.encode_to_vec(),
            traceparent: None,
            occurred_at: self.now(),
        }
    }

    /// Tells an event as it is.
    pub async fn tell_again(&self, envelope: Envelope) -> Option<String> {
        let inbox = self.store.inbox();
        inbox.receive(std::slice::from_ref(&envelope)).await.unwrap();
        let acted = async {
            loop {
                if let Some(parked) = inbox
                    .parked(&Sought { id: Some(envelope.id), ..Sought::default() }, 1)
                    .await
                    .unwrap()
                    .pop()
                {
                    return Some(parked.reason);
                }
                if inbox.counts().await.unwrap().waiting == 0 {
                    return None;
                }
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(PATIENCE, acted).await.expect("the event was acted upon")
    }

    /// Waits until `happened` answers something: for what timers do.
    pub async fn until<T>(&self, mut happened: impl AsyncFnMut() -> Option<T>) -> T {
        let wait = async {
            loop {
                if let Some(value) = happened().await {
                    return value;
                }
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(PATIENCE, wait).await.expect("it happened")
    }

    /// Stops the service.
    pub async fn stop(self) {
        assert!(self.running.stop().await, "everything ended within the grace");
    }
}

fn load<M: Module>(dir: &TempDir, url: &str, settings: Vec<String>) -> Settings {
    let data = dir.path().display();
    let fixed = [
        "server.mode=test".to_owned(),
        format!("server.data={data}"),
        format!("server.issuer={ISSUER}"),
        "server.grpc=127.0.0.1:0".to_owned(),
        "server.http=127.0.0.1:0".to_owned(),
        format!("store.url={url}"),
    ];
    let layers = declare_spine(Layers::new("")).declare::<M::Config>(M::NAME);
    Settings::load(layers.set(fixed.into_iter().chain(settings))).unwrap()
}
