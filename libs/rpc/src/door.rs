use std::{
    convert::Infallible,
    net::IpAddr,
    sync::Arc,
    task::{Context, Poll},
    time::{Duration, Instant},
};

use futures::future::BoxFuture;
use http::{HeaderMap, Request, Response};
use motcua_context::{Actor, Clock, Ctx, System};
use motcua_fault::{Fault, Kind};
use motcua_proto::Method;
use secrecy::SecretString;
use tokio::sync::Semaphore;
use tokio_util::task::TaskTracker;
use tonic::{Status, body::Body, service::Routes, transport::server::TcpConnectInfo};
use tower::{Service, ServiceExt};
use tracing::Instrument;

use crate::{Trust, admits, deadline, outgoing::ON_BEHALF_OF, status::status, unreadable};

/// How a door is kept.
#[derive(Debug, Clone, Copy)]
pub struct DoorOptions {
    /// What a unary call may take if the caller does not say.
    pub deadline: Duration,
    /// What a stream may take if the caller does not say.
    pub streaming_deadline: Duration,
    /// Calls at once; one more is refused at once, before the rest slow down.
    pub concurrency: usize,
}

impl Default for DoorOptions {
    fn default() -> Self {
        Self {
            deadline: Duration::from_secs(10),
            streaming_deadline: Duration::from_mins(10),
            concurrency: 512,
        }
    }
}

/// The one way into a service, from the network and from the same process: who
/// calls, whether the method admits him, until when, in which trace. Only then
/// does a handler run, with a [`Ctx`] that says all this.
#[derive(Clone)]
pub struct Door(Arc<Inner>);

struct Inner {
    routes: Routes,
    trust: Trust,
    clock: Arc<dyn Clock>,
    options: DoorOptions,
    places: Arc<Semaphore>,
    tasks: TaskTracker,
}

impl Door {
    /// A door before `routes`. What it began is finished in `tasks`, whether or
    /// not the caller still waits.
    pub fn new(
        routes: Routes,
        trust: Trust,
        clock: Arc<dyn Clock>,
        options: DoorOptions,
        tasks: TaskTracker,
    ) -> Self {
        let places = Arc::new(Semaphore::new(options.concurrency));
        Self(Arc::new(Inner { routes, trust, clock, options, places, tasks }))
    }

    async fn enter(self, request: Request<Body>) -> Response<Body> {
        let Some(method) = motcua_proto::method(request.uri().path()) else {
            // Health and reflection: nothing of ours is behind them.
            return self.run(request).await;
        };
        let span = tracing::info_span!(
            "rpc",
            otel.kind = "server",
            rpc.system = "grpc",
            rpc.service = method.service,
            rpc.method = method.name,
            rpc.grpc.status_code = tracing::field::Empty,
        );
        motcua_telemetry::continue_trace(&span, request.headers());
        let response = self.admit(method, request).instrument(span.clone()).await;
        let code = response.headers().get("grpc-status").and_then(|c| c.to_str().ok());
        span.record("rpc.grpc.status_code", code.unwrap_or("0"));
        response
    }

    async fn admit(self, method: &'static Method, mut request: Request<Body>) -> Response<Body> {
        let limit = deadline::read(request.headers()).unwrap_or(if method.streaming {
            self.0.options.streaming_deadline
        } else {
            self.0.options.deadline
        });
        let Ok(_place) = self.0.places.clone().try_acquire_owned() else {
            return refuse(overloaded());
        };
        let ctx = match self.identify(request.headers(), address(&request)).await {
            Ok(ctx) => ctx.with_deadline(Instant::now() + limit),
            Err(fault) => return refuse(fault),
        };
        let Some(rule) = &method.rule else {
            return refuse(Fault::denied("NOT_PERMITTED", "Chức năng chưa được mở."));
        };
        if let Err(fault) = admits(rule, ctx.actor()) {
            return refuse(fault);
        }
        request.extensions_mut().insert(method);
        request.extensions_mut().insert(ctx);
        // The work goes on past the deadline: what began to commit is not cut,
        // and a panic ends this call alone.
        let work = self.0.tasks.spawn(self.clone().run(request).in_current_span());
        match tokio::time::timeout(limit, work).await {
            Ok(Ok(response)) => unreadable::explain(response),
            Ok(Err(panic)) => refuse(Fault::internal(panic)),
            Err(_) => refuse(Fault::new(
                Kind::DeadlineExceeded,
                "DEADLINE_EXCEEDED",
                "Hệ thống phản hồi chậm; vui lòng kiểm tra lại trước khi thực hiện lần nữa.",
            )),
        }
    }

    async fn run(self, request: Request<Body>) -> Response<Body> {
        match self.0.routes.clone().oneshot(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        }
    }

    /// Who calls: nobody, a user by his token, or a service by its own, which
    /// may show the token of the user it stands for.
    async fn identify(&self, headers: &HeaderMap, address: Option<IpAddr>) -> Result<Ctx, Fault> {
        let now = self.0.clock.now();
        let traceparent = motcua_telemetry::current_traceparent();
        let ctx = |actor| {
            Ctx::new(actor, now).with_address(address).with_traceparent(traceparent.clone())
        };
        let Some(token) = bearer(headers) else { return Ok(ctx(Actor::Anonymous)) };
        let Some(service) = self.0.trust.service(token, now) else {
            let user = self.0.trust.user(token, now).await?;
            return Ok(ctx(user).with_credential(SecretString::from(token)));
        };
        let mut system = System::service(service);
        let Some(user_token) = headers.get(ON_BEHALF_OF).and_then(|v| v.to_str().ok()) else {
            return Ok(ctx(Actor::System(system)));
        };
        system.on_behalf_of = Some(Box::new(self.0.trust.user(user_token, now).await?));
        Ok(ctx(Actor::System(system)).with_credential(SecretString::from(user_token)))
    }
}

impl Service<Request<Body>> for Door {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response<Body>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let door = self.clone();
        Box::pin(async move { Ok(door.enter(request).await) })
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(http::header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")
}

fn address(request: &Request<Body>) -> Option<IpAddr> {
    let info = request.extensions().get::<TcpConnectInfo>()?;
    info.remote_addr().map(|address| address.ip())
}

fn refuse(fault: Fault) -> Response<Body> {
    let status: Status = status(fault);
    status.into_http()
}

fn overloaded() -> Fault {
    Fault::new(
        Kind::ResourceExhausted,
        "OVERLOADED",
        "Hệ thống đang có nhiều người truy cập, vui lòng thử lại sau ít giây.",
    )
    .with("retry_after_s", 1)
}
