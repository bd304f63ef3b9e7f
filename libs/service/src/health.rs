use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use axum::{
    Json, Router,
    extract::State,
    http::{StatusCode, header::CONTENT_TYPE},
    response::IntoResponse,
    routing::{get, put},
};
use futures::future::join_all;
use motcua_bus::Bus;
use motcua_context::Timestamp;
use motcua_rpc::{Trust, audience};
use motcua_store::Store;
use motcua_telemetry::{KeyValue, meter, metrics::Gauge};
use serde::Serialize;
use tokio::{net::TcpListener, sync::Mutex};
use tokio_util::sync::CancellationToken;
use tonic::service::Routes;
use tonic_health::{ServingStatus, server::HealthReporter};

use crate::{
    Need, TestControls,
    host::Service,
    incoming::{Limits, incoming},
};

/// A probe asks several times a minute; what it is told may be this old.
const KNOWN_FOR: Duration = Duration::from_secs(2);
/// A kubelet waits a second by default.
const PATIENCE: Duration = Duration::from_millis(800);
/// Whoever watches over gRPC is told this often.
const TELL_EVERY: Duration = Duration::from_secs(5);

/// Whether the process lives, has started, and can do its work now.
#[derive(Clone)]
pub(crate) struct Health(Arc<Inner>);

struct Inner {
    /// What gRPC's health is asked about: the process (`""`), its services by their
    /// own names and by those of their contracts.
    names: Vec<&'static str>,
    reporter: HealthReporter,
    stores: Vec<Store>,
    bus: Bus,
    trust: Trust,
    others: Vec<Need>,
    started: AtomicBool,
    stop: CancellationToken,
    needs: Gauge<u64>,
    known: Mutex<Option<(Instant, Readiness)>>,
}

/// What is needed and whether it answers.
#[derive(Debug, Clone, Default, Serialize)]
struct Readiness {
    ready: bool,
    /// Without this the process cannot work.
    missing: Vec<String>,
    /// Without this it works on, and makes up for it later.
    degraded: Vec<String>,
    /// It was told to stop: it finishes what it has begun, and takes nothing more.
    stopping: bool,
}

impl Health {
    /// The health of a process, and the gRPC methods that tell of it and of the contracts.
    pub(crate) fn new(
        services: &[Service],
        bus: Bus,
        trust: Trust,
        stop: CancellationToken,
    ) -> (Self, Routes) {
        let (reporter, server) = tonic_health::server::health_reporter();
        let health = Self(Arc::new(Inner {
            names: names(services),
            reporter,
            stores: services.iter().map(|s| s.store.clone()).collect(),
            bus,
            trust,
            others: others(services),
            started: AtomicBool::new(false),
            stop,
            needs: meter()
                .u64_gauge("motcua.dependency.up")
                .with_unit("{dependency}")
                .with_description("1: what the process needs answers; 0: it does not.")
                .build(),
            known: Mutex::default(),
        }));
        (health, reflection(Routes::new(server)))
    }

    pub(crate) fn started(&self) {
        self.0.started.store(true, Ordering::SeqCst);
    }

    /// Tells over gRPC what is told over HTTP, until the process stops.
    pub(crate) async fn keep_telling(self) {
        while !self.0.stop.is_cancelled() {
            self.readiness().await;
            tokio::select! {
                () = tokio::time::sleep(TELL_EVERY) => {}
                () = self.0.stop.cancelled() => {}
            }
        }
        self.tell(ServingStatus::NotServing).await;
    }

    async fn tell(&self, status: ServingStatus) {
        for name in &self.0.names {
            self.0.reporter.set_service_status(*name, status).await;
        }
    }

    /// `/healthz/live`, `/healthz/startup`, `/healthz/ready`, `/metrics`, and what services answer
    /// over plain HTTP; for tests what [`TestControls`] says.
    /// Whoever asks is answered until `gone`: a process that finishes its work lives, and counts.
    pub(crate) async fn serve(
        self,
        listener: TcpListener,
        pages: Router,
        limits: Limits,
        controls: Option<TestControls>,
        gone: CancellationToken,
    ) {
        let mut router = Router::new()
            .route("/healthz/live", get(async || "live"))
            .route("/healthz/startup", get(startup))
            .route("/healthz/ready", get(ready))
            .route("/metrics", get(metrics))
            .with_state(self)
            .merge(pages);
        if let Some(controls) = controls {
            let test = Router::new()
                .route("/test/clock", put(set_clock))
                .route("/test/hold/relay", put(hold_relay));
            router = router.merge(test.with_state(controls));
        }
        // It times the headers of HTTP/1 (30 s), which axum's own does not.
        let served = tonic::transport::Server::builder()
            .accept_http1(true)
            .add_routes(Routes::from(router))
            .serve_with_incoming_shutdown(incoming(listener, None, limits), gone.cancelled_owned())
            .await;
        if let Err(error) = served {
            tracing::error!(%error, "HTTP is no longer served");
        }
    }

    async fn readiness(&self) -> Readiness {
        if self.0.stop.is_cancelled() {
            return Readiness { stopping: true, ..Readiness::default() };
        }
        let mut known = self.0.known.lock().await;
        if let Some((at, readiness)) = &*known
            && at.elapsed() < KNOWN_FOR
        {
            return readiness.clone();
        }
        let stores = self.0.stores.iter().map(async |store| {
            let answers = in_time(async { store.ping().await.is_ok() }).await;
            (!answers).then(|| format!("store.{}", store.service()))
        });
        let others = self
            .0
            .others
            .iter()
            .map(async |need| (!in_time(need.answers()).await).then(|| need.name.to_owned()));
        let bus = in_time(async { self.0.bus.ping().await.is_ok() });
        let (stores, bus, others) = tokio::join!(join_all(stores), bus, join_all(others));
        let missing: Vec<_> = stores.into_iter().flatten().collect();
        let mut degraded: Vec<_> = others.into_iter().flatten().collect();
        // The outbox keeps what is said until the broker is back.
        if !bus {
            degraded.push("bus".to_owned());
        }
        // Nobody who shows a token is believed until it is back; what is open to all goes on.
        if !self.0.trust.is_fresh() {
            degraded.push("identity".to_owned());
        }
        let ready = missing.is_empty();
        let readiness = Readiness { ready, missing, degraded, stopping: false };
        let serving = ready && !self.0.stop.is_cancelled();
        self.tell(if serving { ServingStatus::Serving } else { ServingStatus::NotServing }).await;
        self.show(&readiness);
        *known = Some((Instant::now(), readiness.clone()));
        readiness
    }

    fn show(&self, readiness: &Readiness) {
        let stores = self.0.stores.iter().map(|store| format!("store.{}", store.service()));
        let others = self.0.others.iter().map(|need| need.name.to_owned());
        let own = ["bus".to_owned(), "identity".to_owned()];
        for need in stores.chain(own).chain(others) {
            let away = readiness.missing.contains(&need) || readiness.degraded.contains(&need);
            self.0.needs.record(u64::from(!away), &[KeyValue::new("dependency", need)]);
        }
    }
}

/// What does not answer in time does not answer.
async fn in_time(ask: impl Future<Output = bool>) -> bool {
    tokio::time::timeout(PATIENCE, ask).await.unwrap_or(false)
}

/// Without the cache everything is looked up, and limits are counted by each process; what
/// services need beside it they name. All services of a process have the same cache.
fn others(services: &[Service]) -> Vec<Need> {
    let cache = services.first().map(|service| service.cache.clone());
    let cache = cache.map(|cache| {
        Need::new("cache", move || {
            let cache = cache.clone();
            async move { cache.is_answering().await }
        })
    });
    let named = services.iter().flat_map(|s| s.mounted.needs.clone());
    let mut others: Vec<_> = cache.into_iter().chain(named).collect();
    others.sort_unstable_by_key(|need| need.name);
    others.dedup_by_key(|need| need.name);
    others
}

fn names(services: &[Service]) -> Vec<&'static str> {
    let mut names: Vec<_> = services.iter().map(|service| service.name).collect();
    let here = motcua_proto::methods().iter().filter(|method| names.contains(&audience(method)));
    let contracts: Vec<_> = here.map(|method| method.service).collect();
    names.extend(contracts);
    names.push("");
    names.sort_unstable();
    names.dedup();
    names
}

fn reflection(routes: Routes) -> Routes {
    let reflection = || {
        tonic_reflection::server::Builder::configure()
            .register_encoded_file_descriptor_set(motcua_proto::DESCRIPTORS)
            .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
    };
    // Older clients know v1alpha alone.
    match (reflection().build_v1(), reflection().build_v1alpha()) {
        (Ok(v1), Ok(v1alpha)) => routes.add_service(v1).add_service(v1alpha),
        _ => routes,
    }
}

async fn set_clock(State(controls): State<TestControls>, body: String) -> StatusCode {
    match body.trim().parse::<Timestamp>() {
        Ok(at) => {
            controls.clock.set(at);
            StatusCode::NO_CONTENT
        }
        Err(_) => StatusCode::BAD_REQUEST,
    }
}

async fn hold_relay(State(controls): State<TestControls>, body: String) -> StatusCode {
    match body.trim().parse() {
        Ok(held) => {
            controls.relay.set(held);
            StatusCode::NO_CONTENT
        }
        Err(_) => StatusCode::BAD_REQUEST,
    }
}

async fn startup(State(health): State<Health>) -> StatusCode {
    if health.0.started.load(Ordering::SeqCst) {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    }
}

async fn metrics() -> impl IntoResponse {
    // Gathering locks what is counted: not where calls are answered.
    let text = tokio::task::spawn_blocking(motcua_telemetry::scrape).await.unwrap_or_default();
    ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text)
}

async fn ready(State(health): State<Health>) -> (StatusCode, Json<Readiness>) {
    let readiness = health.readiness().await;
    let code = if readiness.ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (code, Json(readiness))
}
