use std::{sync::Arc, time::Duration};

use http::{HeaderMap, HeaderValue, Request, header::AUTHORIZATION};
use motcua_context::{Clock, Ctx};
use motcua_telemetry::Call;
use secrecy::ExposeSecret;
use tonic::{Status, body::Body};
use tower::{ServiceExt, service_fn, util::BoxCloneSyncService};
use tracing::Instrument;

use crate::{ServiceIdentity, Wire, again, audience, deadline, status::status};

/// The header in which a service shows the token of the user it stands for.
pub(crate) const ON_BEHALF_OF: &str = "x-motcua-on-behalf-of";

/// What a call may take if its context has no deadline: events and timers.
const NO_DEADLINE: Duration = Duration::from_secs(10);

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
                tokio::time::timeout(left, again::call(wire, request, again::is_away))
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
