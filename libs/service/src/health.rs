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
    http::StatusCode,
    routing::{get, put},
};
use futures::future::join_all;
use motcua_bus::Bus;
use motcua_context::Timestamp;
use motcua_rpc::Trust;
use motcua_store::Store;
use serde::Serialize;
use tokio::{net::TcpListener, sync::Mutex};
use tokio_util::sync::CancellationToken;
use tonic::service::Routes;

use crate::{TestControls, host::Service};

/// A probe asks several times a minute; what it is told may be this old.
const KNOWN_FOR: Duration = Duration::from_secs(2);
/// A kubelet waits a second by default.
const PATIENCE: Duration = Duration::from_millis(800);

/// Whether the process lives, has started, and can do its work now.
#[derive(Clone)]
pub(crate) struct Health(Arc<Inner>);

struct Inner {
    names: Vec<&'static str>,
    stores: Vec<Store>,
    bus: Bus,
    trust: Trust,
    started: AtomicBool,
    known: Mutex<Option<(Instant, Readiness)>>,
}

/// What is needed and whether it answers.
#[derive(Debug, Clone, Serialize)]
struct Readiness {
    ready: bool,
    /// Without this the process cannot work.
    missing: Vec<String>,
    /// Without this it works on, and makes up for it later.
    degraded: Vec<String>,
}

impl Health {
    pub(crate) fn new(services: &[Service], bus: Bus, trust: Trust) -> Self {
        Self(Arc::new(Inner {
            names: services.iter().map(|s| s.name).collect(),
            stores: services.iter().map(|s| s.store.clone()).collect(),
            bus,
            trust,
            started: AtomicBool::new(false),
            known: Mutex::default(),
        }))
    }

    pub(crate) fn started(&self) {
        self.0.started.store(true, Ordering::SeqCst);
    }

    /// gRPC health and reflection.
    pub(crate) fn grpc(&self) -> Routes {
        let (reporter, health) = tonic_health::server::health_reporter();
        for name in &self.0.names {
            let serving = tonic_health::ServingStatus::Serving;
            futures::executor::block_on(reporter.set_service_status(*name, serving));
        }
        let mut routes = Routes::new(health);
        let reflection = || {
            tonic_reflection::server::Builder::configure()
                .register_encoded_file_descriptor_set(motcua_proto::DESCRIPTORS)
                .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
        };
        // Older clients know v1alpha alone.
        if let (Ok(v1), Ok(v1alpha)) = (reflection().build_v1(), reflection().build_v1alpha()) {
            routes = routes.add_service(v1).add_service(v1alpha);
        }
        routes
    }

    /// `/healthz/live`, `/healthz/startup`, `/healthz/ready`; for tests what [`TestControls`] says.
    pub(crate) async fn serve(
        self,
        listener: TcpListener,
        controls: Option<TestControls>,
        stop: CancellationToken,
    ) {
        let mut router = Router::new()
            .route("/healthz/live", get(async || "live"))
            .route("/healthz/startup", get(startup))
            .route("/healthz/ready", get(ready))
            .with_state(self);
        if let Some(controls) = controls {
            let test = Router::new()
                .route("/test/clock", put(set_clock))
                .route("/test/hold/relay", put(hold_relay));
            router = router.merge(test.with_state(controls));
        }
        let served =
            axum::serve(listener, router).with_graceful_shutdown(stop.cancelled_owned()).await;
        if let Err(error) = served {
            tracing::error!(%error, "HTTP is no longer served");
        }
    }

    async fn readiness(&self) -> Readiness {
        let mut known = self.0.known.lock().await;
        if let Some((at, readiness)) = &*known
            && at.elapsed() < KNOWN_FOR
        {
            return readiness.clone();
        }
        let stores = self.0.stores.iter().map(async |store| {
            let answered = tokio::time::timeout(PATIENCE, store.ping()).await;
            (!matches!(answered, Ok(Ok(())))).then(|| format!("store.{}", store.service()))
        });
        let bus = tokio::time::timeout(PATIENCE, self.0.bus.ping());
        let (stores, bus) = tokio::join!(join_all(stores), bus);
        let mut missing: Vec<_> = stores.into_iter().flatten().collect();
        let mut degraded = Vec::new();
        // The outbox keeps what is said until the broker is back.
        if !matches!(bus, Ok(Ok(()))) {
            degraded.push("bus".to_owned());
        }
        if !self.0.trust.is_fresh() {
            missing.push("identity".to_owned());
        }
        let readiness = Readiness { ready: missing.is_empty(), missing, degraded };
        *known = Some((Instant::now(), readiness.clone()));
        readiness
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

async fn ready(State(health): State<Health>) -> (StatusCode, Json<Readiness>) {
    let readiness = health.readiness().await;
    let code = if readiness.ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (code, Json(readiness))
}
