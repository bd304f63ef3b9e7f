//! A caller as a good client is one: it repeats an unanswered request, byte by
//! byte the same, until it is answered, and writes down what it was answered.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use motcua_rpc::Wire;
use tonic::{Code, Status, body::Body};
use tonic_types::StatusExt;
use tower::{ServiceExt, service_fn, util::BoxCloneSyncService};

use super::record::Record;

/// One try: longer than any call's own deadline.
const TRY: Duration = Duration::from_secs(20);
/// Longer than anything is away.
const PATIENCE: Duration = Duration::from_mins(3);
const PAUSE: Duration = Duration::from_millis(150);

/// The same way to a service, for whoever does not give up.
pub(super) fn over(wire: Wire, record: &Arc<Record>) -> Wire {
    let record = record.clone();
    BoxCloneSyncService::new(service_fn(move |request| {
        let (wire, record) = (wire.clone(), record.clone());
        async move { until_answered(wire, request, &record).await }
    }))
}

async fn until_answered(
    inner: Wire,
    request: Request<Body>,
    record: &Record,
) -> Result<Response<Body>, Status> {
    let (head, body) = request.into_parts();
    let sent = body.collect().await?.to_bytes();
    let method = head.uri.path().to_owned();
    let begun = Instant::now();
    loop {
        let again = Request::from_parts(head.clone(), Body::new(Full::new(sent.clone())));
        let answer = tokio::time::timeout(TRY, once(inner.clone(), again)).await;
        let answer = answer.unwrap_or_else(|_| Err(Status::unavailable("no answer in time")));
        let impatient = begun.elapsed() > PATIENCE;
        let pause = match &answer {
            Ok(answer) if !answer.asks_again() => {
                record.answered(&method, answer.code(), &answer.message);
                return Ok(answer.clone().response());
            }
            Ok(answer) => {
                let hint = answer.retry_hint();
                record.asked_to_repeat(&method, answer.code(), hint.is_some());
                hint.unwrap_or(PAUSE)
            }
            Err(_) => {
                record.unanswered();
                PAUSE
            }
        };
        if impatient {
            record.given_up(&method, &sent);
            return answer.map(Answer::response);
        }
        tokio::time::sleep(pause).await;
    }
}

/// A whole answer.
#[derive(Clone)]
struct Answer {
    head: http::response::Parts,
    message: Bytes,
    trailers: Option<http::HeaderMap>,
}

async fn once(inner: Wire, request: Request<Body>) -> Result<Answer, Status> {
    let (head, body) = inner.oneshot(request).await?.into_parts();
    let body = body.collect().await?;
    let trailers = body.trailers().cloned();
    Ok(Answer { head, message: body.to_bytes(), trailers })
}

impl Answer {
    fn status(&self) -> Status {
        let trailers = self.trailers.as_ref().and_then(Status::from_header_map);
        trailers
            .or_else(|| Status::from_header_map(&self.head.headers))
            .unwrap_or_else(|| Status::unavailable("an answer that was cut off"))
    }

    fn code(&self) -> Code {
        self.status().code()
    }

    fn asks_again(&self) -> bool {
        matches!(self.code(), Code::Unavailable | Code::Aborted | Code::DeadlineExceeded)
    }

    fn retry_hint(&self) -> Option<Duration> {
        self.status().get_details_retry_info()?.retry_delay
    }

    fn response(self) -> Response<Body> {
        let body = Full::new(self.message).with_trailers(std::future::ready(self.trailers.map(Ok)));
        Response::from_parts(self.head, Body::new(body))
    }
}
