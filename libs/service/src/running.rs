use std::{net::SocketAddr, time::Duration};

use anyhow::Context;
use motcua_cache::Cache;
use motcua_rpc::{Door, Tls, Wire, local};
use tokio::net::TcpListener;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tonic::service::Routes;
use tower::{ServiceExt, service_fn};

use crate::{
    Host,
    certificates::keep_certificates,
    health::Health,
    host::Service,
    incoming::{Limits, incoming},
    tasks, upkeep,
};

/// A probe whose connection stays open does not hold up the end.
const LAST_ANSWERS: Duration = Duration::from_millis(200);
/// Calls of one connection at once.
const STREAMS: u32 = 128;
/// Octets of a call's headers: two tokens and what proxies add.
const HEADERS: u32 = 16 * 1024;
/// Calls that a client took back before anybody looked at them; one more, and the connection
/// is closed (rapid reset, CVE-2023-44487).
const RESETS: usize = 20;

/// A process that runs.
pub struct Running {
    grpc: SocketAddr,
    http: SocketAddr,
    door: Wire,
    stop: CancellationToken,
    tasks: TaskTracker,
    calls: TaskTracker,
    grace: Duration,
    /// Ends what answers whether the process is well: the last of all.
    gone: CancellationToken,
    probes: TaskTracker,
}

impl Running {
    pub(crate) async fn start(host: Host) -> anyhow::Result<Self> {
        let Host { spine, clock, bus, trust, door: late, mut services, controls, tls, .. } = host;
        let (stop, tasks, calls) =
            (CancellationToken::new(), TaskTracker::new(), TaskTracker::new());
        let routes = merge(&mut services);
        let counted = Cache::open(spine.cache.url.expose(), "motcua:door").await?;
        let options = spine.server.door(counted);
        let door = Door::new(routes, trust.clone(), clock.clone(), options, calls.clone());
        late.bind(local(door.clone()));
        if let Some(first) = services.first() {
            trust.follow(first.identity.clone());
        }
        // Where identity runs here or answers already, the first call is known at once.
        if let Err(fault) = trust.refresh().await {
            tracing::debug!(%fault, "identity does not answer yet");
        }
        let grpc = listen(spine.server.grpc, "server.grpc").await?;
        let http = listen(spine.server.http, "server.http").await?;
        let (grpc_address, http_address) = (grpc.local_addr()?, http.local_addr()?);

        let (gone, probes) = (CancellationToken::new(), TaskTracker::new());
        let (health, about) = Health::new(&services, bus.clone(), trust.clone(), stop.clone());
        let secured = tls.clone().map(|tls| (tls, spine.tls.connection_life()));
        let limits = Limits::of(&spine.server);
        tasks.spawn(serve_grpc(grpc, door.clone(), about, secured, limits.clone(), stop.clone()));
        if let Some(tls) = tls {
            tasks.spawn(keep_certificates(tls, stop.clone()));
        }
        tasks.spawn(health.clone().keep_telling());
        let pages = pages(&mut services);
        probes.spawn(health.clone().serve(http, pages, limits, controls.clone(), gone.clone()));
        tasks.spawn(tasks::keep_trust(trust, clock.clone(), stop.clone()));
        let hold = controls.map(|controls| controls.relay).unwrap_or_default();
        // All listen before any speaks: what is published counts as heard by all.
        for service in &services {
            let (store, heard) = (&service.store, &service.subscriptions);
            bus.subscribe(store, heard, &tasks, stop.clone());
        }
        for service in services {
            upkeep::run(&service, spine.audit.every(), &clock, &tasks, &stop);
            tasks::run(service, &bus, &clock, &hold, &spine, &tasks, &stop);
        }
        health.started();
        Ok(Self {
            grpc: grpc_address,
            http: http_address,
            door: local(door),
            stop,
            tasks,
            calls,
            grace: Duration::from_secs(spine.server.grace_s),
            gone,
            probes,
        })
    }

    /// Where gRPC is served.
    pub const fn grpc(&self) -> SocketAddr {
        self.grpc
    }

    /// Where HTTP is served.
    pub const fn http(&self) -> SocketAddr {
        self.http
    }

    /// The way in for a client in this process.
    pub fn wire(&self) -> Wire {
        self.door.clone()
    }

    /// Ends when the process has to end because its own work broke.
    pub async fn broken(&self) {
        self.stop.cancelled().await;
    }

    /// Stops taking work, finishes what was begun, and hands back the rest.
    /// Answers whether everything ended within the grace.
    pub async fn stop(self) -> bool {
        self.stop.cancel();
        self.tasks.close();
        self.calls.close();
        let all = async {
            self.tasks.wait().await;
            self.calls.wait().await;
        };
        let ended = tokio::time::timeout(self.grace, all).await.is_ok();
        self.gone.cancel();
        self.probes.close();
        let _ = tokio::time::timeout(LAST_ANSWERS, self.probes.wait()).await;
        ended
    }
}

fn merge(services: &mut [Service]) -> Routes {
    // What none of them answers is UNIMPLEMENTED, said once.
    let nothing = Routes::default().into_axum_router();
    let router = services.iter_mut().fold(nothing, |router, service| {
        let routes = std::mem::take(&mut service.mounted.routes);
        router.merge(routes.into_axum_router().reset_fallback())
    });
    Routes::from(router)
}

/// What the services answer over plain HTTP, each below its own name.
fn pages(services: &mut [Service]) -> axum::Router {
    services.iter_mut().fold(axum::Router::new(), |router, service| {
        let own = std::mem::take(&mut service.mounted.http);
        router.nest(&format!("/{}", service.name), own)
    })
}

async fn listen(address: SocketAddr, key: &str) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address)
        .await
        .with_context(|| format!("{key}: {address} cannot be listened on"))
}

async fn serve_grpc(
    listener: TcpListener,
    door: Door,
    about: Routes,
    secured: Option<(Tls, Duration)>,
    limits: Limits,
    stop: CancellationToken,
) {
    // Health and reflection are answered here; everything else goes through the door.
    let door = service_fn(move |request: http::Request<axum::body::Body>| {
        door.clone().oneshot(request.map(tonic::body::Body::new))
    });
    let routes = Routes::from(about.into_axum_router().fallback_service(door));
    let builder = tonic::transport::Server::builder()
        .http2_keepalive_interval(Some(Duration::from_secs(30)))
        .http2_keepalive_timeout(Some(Duration::from_secs(20)))
        .max_concurrent_streams(Some(STREAMS))
        .http2_max_header_list_size(Some(HEADERS))
        .http2_max_pending_accept_reset_streams(Some(RESETS));
    let (tls, mut builder) = match secured {
        // What was trusted when it was opened need not be now. Calls under way end first.
        Some((tls, life)) => (Some(tls), builder.max_connection_age(life)),
        None => (None, builder),
    };
    let served = builder
        .add_routes(routes)
        .serve_with_incoming_shutdown(
            incoming(listener, tls, limits),
            stop.clone().cancelled_owned(),
        )
        .await;
    if let Err(error) = served {
        tracing::error!(%error, "gRPC is no longer served; the process ends");
        stop.cancel();
    }
}
