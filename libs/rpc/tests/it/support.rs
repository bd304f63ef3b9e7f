use std::{
    convert::Infallible,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use motcua_context::{Actor, Clock, Ctx, ManualClock, Person, Timestamp};
use motcua_ids::Uuid;
use motcua_proto::identity::v1::{
    Account, Contact, GetAccountRequest, GetContactRequest, GetJwksRequest, Jwks,
    RegisterPersonRequest, SignInRequest, TokenPair, account_service_client::AccountServiceClient,
    auth_service_client::AuthServiceClient,
};
use motcua_rpc::{
    Door, DoorOptions, Proxies, ServiceIdentity, Trust, Wire, local, outgoing, query, remote,
    request,
};
use motcua_testkit::{ServiceKeys, Tokens};
use prost::Message;
use tempfile::TempDir;
use tokio::sync::Semaphore;
use tokio_stream::wrappers::TcpListenerStream;
use tokio_util::task::TaskTracker;
use tonic::{Status, body::Body, server::Grpc, service::Routes};
use tonic_prost::ProstCodec;
use tower::service_fn;

/// How long the slow method takes.
pub(crate) const SLOW: Duration = Duration::from_millis(300);
/// What the panicking method says.
pub(crate) const SECRET: &str = "0912345678";
const ISSUER: &str = "motcua-test";

/// What is asked of the method that can be held up, to be held up.
pub(crate) const HELD: &str = "held";

/// Calls that wait in a method until they are let go.
pub(crate) struct Gate {
    waiting: AtomicUsize,
    open: Semaphore,
}

impl Gate {
    async fn pass(&self) {
        self.waiting.fetch_add(1, Ordering::SeqCst);
        // It is closed to open it.
        let _ = self.open.acquire().await;
    }

    pub(crate) fn waiting(&self) -> usize {
        self.waiting.load(Ordering::SeqCst)
    }

    pub(crate) fn open(&self) {
        self.open.close();
    }
}

/// A door with five methods behind it: a slow one, one that panics, and three that
/// tell who calls.
pub(crate) struct House {
    pub(crate) trust: Trust,
    door: Door,
    clock: Arc<ManualClock>,
    tokens: Tokens,
    keys: ServiceKeys,
    strangers: ServiceKeys,
    finished: Arc<AtomicUsize>,
    pub(crate) gate: Arc<Gate>,
    _dirs: [TempDir; 2],
}

pub(crate) fn citizen() -> Actor {
    Actor::Person(Person::citizen(Uuid::from_u128(1).into()))
}

impl House {
    pub(crate) async fn open() -> Self {
        Self::with_places(64).await
    }

    pub(crate) async fn with_places(places: usize) -> Self {
        Self::build(DoorOptions { concurrency: places, ..DoorOptions::default() }, true).await
    }

    /// Callers of this machine are proxies that are trusted.
    pub(crate) async fn behind_proxies() -> Self {
        let proxies = Proxies::parse(&["127.0.0.0/8".to_owned()]).unwrap();
        Self::build(DoorOptions { proxies, ..DoorOptions::default() }, true).await
    }

    pub(crate) async fn without_news() -> Self {
        Self::build(DoorOptions::default(), false).await
    }

    pub(crate) async fn build(options: DoorOptions, news: bool) -> Self {
        let dirs = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
        let keys = ServiceKeys::new(dirs[0].path(), true);
        let strangers = ServiceKeys::new(dirs[1].path(), true);
        for service in ["intake", "workflow"] {
            keys.identity(service).unwrap();
        }
        let clock = Arc::new(ManualClock::new("2026-03-02T02:00:00Z".parse().unwrap()));
        let tokens = Tokens::new(ISSUER);
        let trust = Trust::new(ISSUER, &keys.public(&["intake", "workflow"]).unwrap());
        trust.follow(tokens.identity().wire());
        if news {
            trust.refresh().await.unwrap();
        }
        let finished = Arc::new(AtomicUsize::new(0));
        let gate = Arc::new(Gate { waiting: AtomicUsize::new(0), open: Semaphore::new(0) });
        let routes = routes(&finished, &gate);
        let door = Door::new(routes, trust.clone(), clock.clone(), options, TaskTracker::new());
        Self { trust, door, clock, tokens, keys, strangers, finished, gate, _dirs: dirs }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(crate) fn finished(&self) -> usize {
        self.finished.load(Ordering::SeqCst)
    }

    pub(crate) fn local(&self) -> Wire {
        local(self.door.clone())
    }

    pub(crate) async fn remote(&self) -> Wire {
        self.remote_for(Duration::MAX).await
    }

    /// Its connections end when they are so old.
    pub(crate) async fn remote_for(&self, life: Duration) -> Wire {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let door = self.door.clone();
        let door = service_fn(move |request: http::Request<axum::body::Body>| {
            tower::ServiceExt::oneshot(door.clone(), request.map(Body::new))
        });
        let routes = Routes::from(axum::Router::new().fallback_service(door));
        let server = tonic::transport::Server::builder()
            .max_connection_age(life)
            .add_routes(routes)
            .serve_with_incoming(TcpListenerStream::new(listener));
        tokio::spawn(server);
        remote(&format!("http://{address}")).unwrap()
    }

    pub(crate) fn token(&self, actor: &Actor) -> String {
        self.token_of(actor, self.now())
    }

    pub(crate) fn token_of(&self, actor: &Actor, at: Timestamp) -> String {
        self.tokens.issue(actor, at).unwrap()
    }

    pub(crate) fn identity(&self, name: &str) -> ServiceIdentity {
        self.keys.identity(name).unwrap()
    }

    pub(crate) fn service(&self, name: &str) -> Wire {
        outgoing(self.local(), self.identity(name), self.clock.clone())
    }

    pub(crate) fn impostor(&self, name: &str) -> Wire {
        outgoing(self.local(), self.strangers.identity(name).unwrap(), self.clock.clone())
    }

    /// A public method, called by a service that shows somebody's token.
    pub(crate) async fn register_for(&self, service: &str, token: &str) -> Result<(), Status> {
        let ctx = Ctx::new(citizen(), self.now()).with_credential(token.into());
        let request = request(&ctx, RegisterPersonRequest::default());
        AuthServiceClient::new(self.service(service)).register_person(request).await.map(|_| ())
    }

    /// What a method sees when `service` continues `actor`'s call.
    pub(crate) async fn service_for(&self, service: &str, actor: &Actor) -> String {
        let ctx = Ctx::new(actor.clone(), self.now()).with_credential(self.token(actor).into());
        let told = AccountServiceClient::new(self.service(service))
            .get_contact(request(&ctx, GetContactRequest::default()))
            .await
            .unwrap();
        told.into_inner().display_name
    }
}

fn routes(finished: &Arc<AtomicUsize>, gate: &Arc<Gate>) -> Routes {
    let (finished, gate) = (finished.clone(), gate.clone());
    let router = axum::Router::new();
    let router =
        method(router, "/motcua.identity.v1.AuthService/GetJwks", move |_, _: GetJwksRequest| {
            let finished = finished.clone();
            async move {
                tokio::time::sleep(SLOW).await;
                finished.fetch_add(1, Ordering::SeqCst);
                Jwks::default()
            }
        });
    let router =
        method(router, "/motcua.identity.v1.AuthService/SignIn", |_, _: SignInRequest| async {
            assert!(SECRET.is_empty(), "{SECRET}");
            TokenPair::default()
        });
    let router = method(
        router,
        "/motcua.identity.v1.AuthService/RegisterPerson",
        |ctx, _: RegisterPersonRequest| async move {
            let etag = ctx.address().map(|address| address.to_string()).unwrap_or_default();
            Account { name: format!("{:?}", ctx.actor()), etag, ..Account::default() }
        },
    );
    let router = method(
        router,
        "/motcua.identity.v1.AccountService/GetAccount",
        move |ctx, asked: GetAccountRequest| {
            let gate = gate.clone();
            async move {
                if asked.name == HELD {
                    gate.pass().await;
                }
                Account { name: format!("{:?}", ctx.actor()), ..Account::default() }
            }
        },
    );
    Routes::from(method(
        router,
        "/motcua.identity.v1.AccountService/GetContact",
        |ctx, _: GetContactRequest| async move {
            Contact { display_name: format!("{:?}", ctx.actor()), ..Contact::default() }
        },
    ))
}

fn method<Q, A, F, R>(router: axum::Router, path: &'static str, answer: F) -> axum::Router
where
    Q: Message + Default + 'static,
    A: Message + Default + 'static,
    F: Fn(Ctx, Q) -> R + Clone + Send + Sync + 'static,
    R: Future<Output = A> + Send + 'static,
{
    let service = service_fn(move |request: http::Request<axum::body::Body>| {
        let answer = answer.clone();
        async move {
            let handler = service_fn(move |request: tonic::Request<Q>| {
                let (ctx, message) = query(request);
                let answer = answer(ctx, message);
                async move { motcua_rpc::reply(Ok(answer.await)) }
            });
            let answered = Grpc::new(ProstCodec::<A, Q>::default()).unary(handler, request).await;
            Ok::<_, Infallible>(answered)
        }
    });
    router.route_service(path, service)
}
