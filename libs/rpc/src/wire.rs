use std::{
    collections::BTreeMap,
    error::Error,
    sync::{Arc, OnceLock},
    task::{Context, Poll},
    time::Duration,
};

use futures::future::BoxFuture;
use http::{Request, Response, Uri};
use motcua_fault::Fault;
use tonic::{
    Status,
    body::Body,
    transport::{Certificate, Channel, ClientTlsConfig, Endpoint},
};
use tower::{Service, ServiceExt, util::BoxCloneSyncService};

use crate::Door;

/// A way to a neighbour. A generated client runs over it and cannot tell
/// whether the neighbour lives in this process.
pub type Wire = BoxCloneSyncService<Request<Body>, Response<Body>, Status>;

/// The neighbour behind a door of this process.
pub fn local(door: Door) -> Wire {
    BoxCloneSyncService::new(door.map_err(|never| match never {}))
}

/// The neighbour at an `http` URL. It is connected when it is first called, and
/// again whenever the connection was lost.
pub fn remote(url: &str) -> Result<Wire, Fault> {
    Ok(lazily(&endpoint(url.parse().map_err(Fault::internal)?)))
}

/// The system at an `https` URL, for a client who trusts these authorities (PEM)
/// and shows no certificate: a person's, a gateway's.
pub fn remote_trusting(url: &str, authorities: &[u8]) -> Result<Wire, Fault> {
    let trusted = ClientTlsConfig::new().ca_certificate(Certificate::from_pem(authorities));
    let endpoint = endpoint(url.parse().map_err(Fault::internal)?);
    Ok(lazily(&endpoint.tls_config(trusted).map_err(Fault::internal)?))
}

#[expect(clippy::disallowed_methods, reason = "the one place where a neighbour is connected")]
fn lazily(endpoint: &Endpoint) -> Wire {
    over(endpoint.connect_lazy())
}

pub(crate) fn endpoint(url: Uri) -> Endpoint {
    Endpoint::from(url)
        .tcp_nodelay(true)
        .connect_timeout(Duration::from_secs(3))
        .http2_keep_alive_interval(Duration::from_secs(20))
        .keep_alive_while_idle(true)
}

pub(crate) fn over(channel: Channel) -> Wire {
    BoxCloneSyncService::new(channel.map_err(transport))
}

#[expect(clippy::needless_pass_by_value, reason = "the shape of `map_err`")]
fn transport(error: tonic::transport::Error) -> Status {
    let mut cause: Option<&(dyn Error + 'static)> = Some(&error);
    while let Some(link) = cause {
        if link.is::<tonic::TimeoutExpired>() {
            return Status::deadline_exceeded("deadline passed");
        }
        cause = link.source();
    }
    tracing::debug!(%error, "neighbour does not answer");
    Status::unavailable("neighbour does not answer")
}

/// A wire that is bound after its user was made, so that services can be
/// mounted in any order.
#[derive(Clone, Default)]
pub struct LateWire(Arc<OnceLock<Wire>>);

impl LateWire {
    /// Binds it; a second time changes nothing.
    pub fn bind(&self, wire: Wire) {
        let _ = self.0.set(wire);
    }
}

impl Service<Request<Body>> for LateWire {
    type Response = Response<Body>;
    type Error = Status;
    type Future = BoxFuture<'static, Result<Response<Body>, Status>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Status>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let wire = self.0.get().cloned();
        Box::pin(async move {
            match wire {
                Some(wire) => wire.oneshot(request).await,
                None => Err(Status::unavailable("neighbour is not started yet")),
            }
        })
    }
}

/// A service's neighbours by name.
#[derive(Clone, Default)]
pub struct Peers(Arc<BTreeMap<String, Wire>>);

impl Peers {
    /// The neighbours, by the names of `motcua serve --only`.
    pub fn new(wires: impl IntoIterator<Item = (String, Wire)>) -> Self {
        Self(Arc::new(wires.into_iter().collect()))
    }

    /// The way to a neighbour. One that is not configured answers UNAVAILABLE.
    pub fn wire(&self, name: &str) -> Wire {
        self.0.get(name).cloned().unwrap_or_else(|| BoxCloneSyncService::new(LateWire::default()))
    }
}
