use std::{
    collections::BTreeMap,
    error::Error,
    sync::{Arc, OnceLock},
    task::{Context, Poll},
};

use futures::future::BoxFuture;
use http::{Request, Response};
use motcua_fault::Fault;
use tonic::{Status, body::Body, transport::Endpoint};
use tower::{Service, ServiceExt, util::BoxCloneSyncService};

use crate::Door;

/// A way to a neighbour. A generated client runs over it and cannot tell
/// whether the neighbour lives in this process.
pub type Wire = BoxCloneSyncService<Request<Body>, Response<Body>, Status>;

/// The neighbour behind a door of this process.
pub fn local(door: Door) -> Wire {
    BoxCloneSyncService::new(door.map_err(|never| match never {}))
}

/// The neighbour at a URL. It is connected when it is first called, and again
/// whenever the connection was lost.
#[expect(clippy::disallowed_methods, reason = "the one place where a neighbour is connected")]
pub fn remote(url: &str) -> Result<Wire, Fault> {
    let channel = Endpoint::from_shared(url.to_owned())
        .map_err(Fault::internal)?
        .tcp_nodelay(true)
        .connect_timeout(std::time::Duration::from_secs(3))
        .http2_keep_alive_interval(std::time::Duration::from_secs(20))
        .keep_alive_while_idle(true)
        .connect_lazy();
    Ok(BoxCloneSyncService::new(channel.map_err(transport)))
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
