use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Request, Response, header::AUTHORIZATION};
use http_body_util::{BodyExt, Full};
use motcua_context::{Clock, Ctx};
use motcua_telemetry::Call;
use secrecy::ExposeSecret;
use tonic::{Code, Status, body::Body};
use tower::{ServiceExt, service_fn, util::BoxCloneSyncService};
use tracing::Instrument;

use crate::{ServiceIdentity, Wire, audience, deadline, status::status};

/// The header in which a service shows the token of the user it stands for.
pub(crate) const ON_BEHALF_OF: &str = "x-motcua-on-behalf-of";

/// What a call may take if its context has no deadline: events and timers.
const NO_DEADLINE: Duration = Duration::from_secs(10);
/// Pauses before the second and the third try. Every method of ours may be
/// repeated: it reads, or it carries a `request_id`.
const RETRY_AFTER: [Duration; 2] = [Duration::from_millis(50), Duration::from_millis(200)];

/// A wire on which `identity` calls its neighbours: with its own token for the
/// one that is called, the user's, the time that is left and the trace; a
/// neighbour that is away is tried again while there is time.
pub fn outgoing(wire: Wire, identity: ServiceIdentity, clock: Arc<dyn Clock>) -> Wire {
    BoxCloneSyncService::new(service_fn(move |mut request: Request<Body>| {
        let (wire, identity, clock) = (wire.clone(), identity.clone(), clock.clone());
        async move {
            let ctx = request.extensions_mut().remove::<Ctx>();
            let left = ctx.as_ref().and_then(Ctx::time_left).unwrap_or(NO_DEADLINE);
            let Some(method) = motcua_proto::method(request.uri().path()) else {
                return Err(Status::unimplemented("no method of the contracts"));
            };
            let call = Call::asked(method.path);
            let asking = async {
                let token = identity.token(audience(method), clock.now()).map_err(status)?;
                dress(request.headers_mut(), &token, ctx.as_ref(), left)?;
                if method.streaming {
                    return wire.oneshot(request).await;
                }
                tokio::time::timeout(left, call_again(wire, request))
                    .await
                    .unwrap_or_else(|_| Err(Status::deadline_exceeded("deadline passed")))
            };
            match asking.instrument(call.span().clone()).await {
                Ok(response) => {
                    Ok(call.answer(response, |status| status.code() as i32).map(Body::new))
                }
                Err(status) => {
                    call.end(status.code() as i32);
                    Err(status)
                }
            }
        }
    }))
}

/// A wire on which a user's token is shown: for clients of the system.
pub fn bearer(wire: Wire, token: &str) -> Wire {
    let value = HeaderValue::from_str(&format!("Bearer {token}")).ok();
    BoxCloneSyncService::new(service_fn(move |mut request: Request<Body>| {
        if let Some(value) = &value {
            request.headers_mut().insert(AUTHORIZATION, value.clone());
        }
        wire.clone().oneshot(request)
    }))
}

fn dress(
    headers: &mut HeaderMap,
    token: &str,
    ctx: Option<&Ctx>,
    left: Duration,
) -> Result<(), Status> {
    let value = |text: &str| {
        HeaderValue::from_str(text).map_err(|_| Status::internal("a token is no header"))
    };
    headers.insert(AUTHORIZATION, value(&format!("Bearer {token}"))?);
    if let Some(credential) = ctx.and_then(Ctx::credential) {
        headers.insert(ON_BEHALF_OF, value(credential.expose_secret())?);
    }
    deadline::write(headers, left);
    motcua_telemetry::inject_trace(headers);
    Ok(())
}

async fn call_again(wire: Wire, request: Request<Body>) -> Result<Response<Body>, Status> {
    let (head, body) = request.into_parts();
    let bytes = body.collect().await?.to_bytes();
    let again = |bytes: &Bytes| {
        let mut request =
            Request::new(Body::new(Full::new(bytes.clone()).map_err(|never| match never {})));
        *request.method_mut() = head.method.clone();
        *request.uri_mut() = head.uri.clone();
        *request.version_mut() = head.version;
        *request.headers_mut() = head.headers.clone();
        request
    };
    for pause in RETRY_AFTER {
        let answer = wire.clone().oneshot(again(&bytes)).await;
        if !is_away(&answer) {
            return answer;
        }
        tokio::time::sleep(pause).await;
    }
    wire.oneshot(again(&bytes)).await
}

fn is_away(answer: &Result<Response<Body>, Status>) -> bool {
    match answer {
        Err(status) => status.code() == Code::Unavailable,
        Ok(response) => Status::from_header_map(response.headers())
            .is_some_and(|status| status.code() == Code::Unavailable),
    }
}
