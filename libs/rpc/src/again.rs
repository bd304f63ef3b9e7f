use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use tonic::{Code, Status, body::Body};
use tower::{ServiceExt, service_fn, util::BoxCloneSyncService};

use crate::Wire;

/// Pauses before the second and the third try. Every method of ours may be
/// repeated: it reads, or it carries a `request_id`.
const RETRY_AFTER: [Duration; 2] = [Duration::from_millis(50), Duration::from_millis(200)];

/// What becomes of a call.
type Answer = Result<Response<Body>, Status>;

/// A wire on which a call that nobody answered is made twice more: for clients of the
/// system. A server that ends a connection because of its age lets the calls under
/// way finish; the one that follows them there is lost by the client's transport,
/// unsent, though the next connection would carry it.
pub fn patient(wire: Wire) -> Wire {
    BoxCloneSyncService::new(service_fn(move |request: Request<Body>| {
        let wire = wire.clone();
        async move {
            match motcua_proto::method(request.uri().path()) {
                Some(method) if !method.streaming => call(wire, request, has_no_answer).await,
                _ => wire.oneshot(request).await,
            }
        }
    }))
}

/// Makes a call, up to three times, while what comes of it `may` come out otherwise.
pub(crate) async fn call(wire: Wire, request: Request<Body>, may: fn(&Answer) -> bool) -> Answer {
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
        if !may(&answer) {
            return answer;
        }
        tokio::time::sleep(pause).await;
    }
    wire.oneshot(again(&bytes)).await
}

/// Nobody was reached, or the connection was lost.
fn has_no_answer(answer: &Answer) -> bool {
    answer.as_ref().is_err_and(|status| status.code() == Code::Unavailable)
}

/// Nobody was reached, or something is away that the other side needs.
pub(crate) fn is_away(answer: &Answer) -> bool {
    let said =
        answer.as_ref().ok().and_then(|response| Status::from_header_map(response.headers()));
    has_no_answer(answer) || said.is_some_and(|status| status.code() == Code::Unavailable)
}
