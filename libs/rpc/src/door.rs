use std::{
    convert::Infallible,
    net::IpAddr,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use futures::future::BoxFuture;
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response};
use motcua_cache::Cache;
use motcua_context::{Actor, Clock, Ctx, System};
use motcua_fault::{Fault, Kind};
use motcua_proto::{Method, Rule};
use motcua_telemetry::Call;
use secrecy::SecretString;
use tokio_util::task::TaskTracker;
use tonic::{Status, body::Body, service::Routes};
use tower::{Service, ServiceExt};
use tracing::Instrument;

use crate::{
    Origin, Proxies, Trust, admits, audience,
    bounded::bounded,
    deadline,
    outgoing::ON_BEHALF_OF,
    shares::{Party, Shares},
    status::status,
    timed::{Pace, Place, read, timed},
    trust::Bearer,
    unreadable,
};

/// Octets of a message that anybody may send. A stream is bounded by its method.
const ANYBODYS_MESSAGE: usize = 64 * 1024;
/// Tells a caller of a public method why the token that was shown did not count.
const TOKEN_IGNORED: HeaderName = HeaderName::from_static("x-motcua-token-ignored");

/// How a door is kept.
#[derive(Debug, Clone)]
pub struct DoorOptions {
    /// What a unary call may take if the caller does not say.
    pub deadline: Duration,
    /// What a stream may take if the caller does not say.
    pub streaming_deadline: Duration,
    /// What a unary call may take at the most, whatever the caller says.
    pub longest: Duration,
    /// What a stream may take at the most.
    pub longest_stream: Duration,
    /// Calls from the network at once, until their work and their bodies end; one
    /// more is refused at once, before the rest slow down. One caller may hold as
    /// many as are still free, and callers who have not signed in half of them
    /// together, so that a flood from some leaves the others to their work. What
    /// calls ask of neighbours in this process needs no place of its own.
    pub concurrency: usize,
    /// How slowly a caller may send or read; slower, and the call ends.
    pub pace: Pace,
    /// Uploads and downloads that one caller may begin in a minute, and where they
    /// are counted; as many as there are places for, where nothing is said.
    pub transfers: Option<(Cache, u32)>,
    /// Whose word on where a call came from is taken.
    pub proxies: Proxies,
}

impl Default for DoorOptions {
    fn default() -> Self {
        Self {
            deadline: Duration::from_secs(10),
            streaming_deadline: Duration::from_mins(10),
            longest: Duration::from_mins(1),
            longest_stream: Duration::from_hours(1),
            concurrency: 512,
            pace: Pace { patience: Duration::from_secs(30), octets_per_s: 2 * 1024 },
            transfers: None,
            proxies: Proxies::default(),
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
    /// Of callers who are not known yet, by their addresses.
    entrance: Arc<Shares>,
    places: Arc<Shares>,
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
        // All are guests there: half of it is as many as there are places.
        let entrance = Shares::new(2 * options.concurrency);
        let places = Shares::new(options.concurrency);
        Self(Arc::new(Inner { routes, trust, clock, options, entrance, places, tasks }))
    }

    async fn enter(self, request: Request<Body>) -> Response<Body> {
        let Some(method) = motcua_proto::method(request.uri().path()) else {
            // Health and reflection: nothing of ours is behind them.
            return self.run(request).await;
        };
        let call = Call::answered(method.path, request.headers());
        let response = self.admit(method, request).instrument(call.span().clone()).await;
        call.answer(response, |status| status.code() as i32).map(Body::new)
    }

    async fn admit(self, method: &'static Method, mut request: Request<Body>) -> Response<Body> {
        let limit = self.limit(method, request.headers());
        let Some(rule) = &method.rule else {
            return refuse(Fault::denied("NOT_PERMITTED", "Chức năng chưa được mở."));
        };
        let origin = Origin::of(&request);
        let end = tokio::time::Instant::now() + limit;
        let entered = self.entered(method, rule, request.headers(), origin.as_ref());
        let (Caller { ctx, ignored }, place) = match tokio::time::timeout_at(end, entered).await {
            Ok(Ok(entered)) => entered,
            Ok(Err(fault)) => return refuse(fault),
            Err(_) => return refuse(late()),
        };
        request.extensions_mut().insert(method);
        request.extensions_mut().insert(ctx.with_deadline(end.into_std()));
        let is_short = rule.public && !method.streaming;
        let request = request.map(|body| {
            let body = if is_short { bounded(body, ANYBODYS_MESSAGE) } else { body };
            let speed = if place.is_some() { self.0.options.pace } else { Pace::ANY };
            timed(body, end, speed, place.clone())
        });
        // The work goes on past the deadline: what began to commit is not cut,
        // and a panic ends this call alone. It keeps its place until it ends.
        let door = self.clone();
        let work = async move {
            let answer = door.clone().run(request).await;
            answer.map(|body| match place {
                Some(_) => read(body, end, door.0.options.pace, place, &door.0.tasks),
                None => timed(body, end, Pace::ANY, None),
            })
        };
        let work = self.0.tasks.spawn(work.in_current_span());
        let mut response = match tokio::time::timeout_at(end, work).await {
            Ok(Ok(response)) => unreadable::explain(response),
            Ok(Err(panic)) => refuse(Fault::internal(panic)),
            Err(_) => refuse(late()),
        };
        if let Some(reason) = ignored {
            response.headers_mut().insert(TOKEN_IGNORED, reason);
        }
        response
    }

    /// Who calls, if the method admits him, and the place he gets if he comes from
    /// the network.
    async fn entered(
        &self,
        method: &Method,
        rule: &Rule,
        headers: &HeaderMap,
        origin: Option<&Origin>,
    ) -> Result<(Caller, Place), Fault> {
        let address = origin.and_then(|origin| origin.caller(&self.0.options.proxies, headers));
        let entrance = match origin {
            Some(_) => Some(self.0.entrance.take(Party::Guest(address)).ok_or_else(overloaded)?),
            None => None,
        };
        let caller = self.identify(method, rule, headers, origin, address).await?;
        admits(rule, caller.ctx.actor())?;
        if entrance.is_none() {
            return Ok((caller, None));
        }
        let party = Party::of(caller.ctx.actor(), address);
        if let (Some((counted, most)), true, Party::Known(name)) =
            (&self.0.options.transfers, method.streaming, &party)
        {
            counted.take(&format!("transfers/{name}"), *most, Duration::from_mins(1)).await?;
        }
        let place = self.0.places.take(party).ok_or_else(overloaded)?;
        Ok((caller, Some(Arc::new(place))))
    }

    /// What the caller asks for, within bounds.
    fn limit(&self, method: &Method, headers: &HeaderMap) -> Duration {
        let options = &self.0.options;
        let (default, longest) = if method.streaming {
            (options.streaming_deadline, options.longest_stream)
        } else {
            (options.deadline, options.longest)
        };
        deadline::read(headers).unwrap_or(default).min(longest)
    }

    async fn run(self, request: Request<Body>) -> Response<Body> {
        match self.0.routes.clone().oneshot(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        }
    }

    /// Who calls: nobody, a user by his token, or a service by its own, which
    /// may show the token of the user it stands for.
    ///
    /// What is open to anybody is open to one whose own token does not count too:
    /// a client whose session has ended shows its token along with the request
    /// that is to renew it.
    async fn identify(
        &self,
        method: &Method,
        rule: &Rule,
        headers: &HeaderMap,
        origin: Option<&Origin>,
        address: Option<IpAddr>,
    ) -> Result<Caller, Fault> {
        let now = self.0.clock.now();
        let traceparent = motcua_telemetry::current_traceparent();
        let caller = |actor, credential: Option<&str>| {
            let ctx = Ctx::new(actor, now).with_address(address).with_traceparent(traceparent);
            let ctx = match credential {
                Some(token) => ctx.with_credential(SecretString::from(token)),
                None => ctx,
            };
            Caller { ctx, ignored: None }
        };
        let Some(token) = bearer(headers) else { return Ok(caller(Actor::Anonymous, None)) };
        let bearer = self.0.trust.bearer(token, audience(method), now).await;
        let bearer = bearer.and_then(|bearer| proven(bearer, origin));
        let service = match bearer {
            Ok(Bearer::Service(name)) => name,
            Ok(Bearer::User(user)) => return Ok(caller(user, Some(token))),
            Err(fault) if rule.public => {
                let ignored = HeaderValue::from_str(fault.reason()).ok();
                return Ok(Caller { ignored, ..caller(Actor::Anonymous, None) });
            }
            Err(fault) => return Err(fault),
        };
        let mut system = System::service(service);
        let Some(token) = headers.get(ON_BEHALF_OF).and_then(|v| v.to_str().ok()) else {
            return Ok(caller(Actor::System(system), None));
        };
        system.on_behalf_of = Some(Box::new(self.0.trust.user(token, now).await?));
        Ok(caller(Actor::System(system), Some(token)))
    }
}

/// Who calls, and why the token that was shown does not count.
struct Caller {
    ctx: Ctx,
    ignored: Option<HeaderValue>,
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

/// A service's token counts only from where that service itself speaks.
fn proven(bearer: Bearer, origin: Option<&Origin>) -> Result<Bearer, Fault> {
    if let (Bearer::Service(name), Some(origin)) = (&bearer, origin) {
        origin.require(name)?;
    }
    Ok(bearer)
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) =
        headers.get(http::header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token)
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

fn late() -> Fault {
    Fault::new(
        Kind::DeadlineExceeded,
        "DEADLINE_EXCEEDED",
        "Hệ thống phản hồi chậm; vui lòng kiểm tra lại trước khi thực hiện lần nữa.",
    )
}
