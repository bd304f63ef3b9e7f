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

/// A wire on which a call that found nobody is made twice more: for clients of the
/// system. A server that ends a connection because of its age lets the calls under
/// way finish; the one that follows them there is lost by the client's transport,
/// unsent, though the next connection would carry it.
pub fn patient(wire: Wire) -> Wire {
    BoxCloneSyncService::new(service_fn(move |request: Request<Body>| {
        let wire = wire.clone();
        async move {
            match motcua_proto::method(request.uri().path()) {
                Some(method) if !method.streaming => call(wire, request).await,
                _ => wire.oneshot(request).await,
            }
        }
    }))
}

pub(crate) async fn call(wire: Wire, request: Request<Body>) -> Result<Response<Body>, Status> {
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
