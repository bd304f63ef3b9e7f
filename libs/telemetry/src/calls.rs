//! Calls, seen from whoever answers and whoever asks: rate, errors and duration
//! of each method, and a span of the trace, by OpenTelemetry's conventions for RPC.

use std::{
    pin::Pin,
    sync::LazyLock,
    task::{Context, Poll, ready},
    time::Instant,
};

use http::{HeaderMap, Response};
use http_body::{Body, Frame, SizeHint};
use opentelemetry::{
    KeyValue,
    metrics::{Histogram, UpDownCounter},
};
use tracing::{Span, field::Empty};

use crate::{SECONDS, continue_trace, meter};

/// The names of gRPC's codes, by their numbers.
const CODES: [&str; 17] = [
    "OK",
    "CANCELLED",
    "UNKNOWN",
    "INVALID_ARGUMENT",
    "DEADLINE_EXCEEDED",
    "NOT_FOUND",
    "ALREADY_EXISTS",
    "PERMISSION_DENIED",
    "RESOURCE_EXHAUSTED",
    "FAILED_PRECONDITION",
    "ABORTED",
    "OUT_OF_RANGE",
    "UNIMPLEMENTED",
    "INTERNAL",
    "UNAVAILABLE",
    "DATA_LOSS",
    "UNAUTHENTICATED",
];
const CANCELLED: i32 = 1;
const UNKNOWN: i32 = 2;

struct Numbers {
    duration: Histogram<f64>,
    active: UpDownCounter<i64>,
}

impl Numbers {
    fn new(duration: &'static str, active: &'static str) -> Self {
        Self {
            duration: meter()
                .f64_histogram(duration)
                .with_unit("s")
                .with_description(
                    "How long calls took, from their begin to the end of their answers.",
                )
                .with_boundaries(SECONDS.to_vec())
                .build(),
            active: meter()
                .i64_up_down_counter(active)
                .with_unit("{call}")
                .with_description("Calls that have begun and not ended.")
                .build(),
        }
    }
}

static ANSWERED: LazyLock<Numbers> =
    LazyLock::new(|| Numbers::new("rpc.server.call.duration", "motcua.rpc.server.active"));
static ASKED: LazyLock<Numbers> =
    LazyLock::new(|| Numbers::new("rpc.client.call.duration", "motcua.rpc.client.active"));

/// One call from its begin to its end. Dropped before that, it was cancelled.
pub struct Call {
    numbers: &'static Numbers,
    method: &'static str,
    is_error: fn(i32) -> bool,
    begun: Instant,
    span: Span,
    ended: bool,
}

impl Call {
    /// A call that is answered here; `path` is one of the contracts' (`/package.Service/Method`),
    /// so that there are no more names than methods. It goes on in the caller's trace.
    pub fn answered(path: &'static str, headers: &HeaderMap) -> Self {
        let method = path.trim_start_matches('/');
        let span = tracing::info_span!(
            "rpc",
            otel.name = method,
            otel.kind = "server",
            otel.status_code = Empty,
            rpc.system.name = "grpc",
            rpc.method = method,
            rpc.response.status_code = Empty,
            "error.type" = Empty,
        );
        continue_trace(&span, headers);
        Self::begin(&ANSWERED, method, is_ours, span)
    }

    /// A call to a neighbour.
    pub fn asked(path: &'static str) -> Self {
        let method = path.trim_start_matches('/');
        let span = tracing::info_span!(
            "ask",
            otel.name = method,
            otel.kind = "client",
            otel.status_code = Empty,
            rpc.system.name = "grpc",
            rpc.method = method,
            rpc.response.status_code = Empty,
            "error.type" = Empty,
        );
        Self::begin(&ASKED, method, |code| code != 0, span)
    }

    fn begin(
        numbers: &'static Numbers,
        method: &'static str,
        is_error: fn(i32) -> bool,
        span: Span,
    ) -> Self {
        numbers.active.add(1, &[]);
        Self { numbers, method, is_error, begun: Instant::now(), span, ended: false }
    }

    /// The span of it, for what is done in it.
    pub const fn span(&self) -> &Span {
        &self.span
    }

    /// It ended with this code of gRPC.
    pub fn end(mut self, code: i32) {
        self.ended_with(code);
    }

    /// It ends when its answer does.
    pub fn answer<B>(
        self,
        response: Response<B>,
        code: fn(&B::Error) -> i32,
    ) -> Response<Watched<B>>
    where
        B: Body,
    {
        let call = match code_in(response.headers()) {
            Some(code) => {
                self.end(code);
                None
            }
            None => Some(self),
        };
        response.map(|body| Watched { body, call, code })
    }

    fn ended_with(&mut self, code: i32) {
        if std::mem::replace(&mut self.ended, true) {
            return;
        }
        let name = usize::try_from(code).ok().and_then(|at| CODES.get(at)).unwrap_or(&"UNKNOWN");
        let mut about = vec![
            KeyValue::new("rpc.system.name", "grpc"),
            KeyValue::new("rpc.method", self.method),
            KeyValue::new("rpc.response.status_code", *name),
        ];
        self.span.record("rpc.response.status_code", *name);
        if (self.is_error)(code) {
            about.push(KeyValue::new("error.type", *name));
            self.span.record("error.type", *name);
            self.span.record("otel.status_code", "error");
        }
        let took = self.begun.elapsed();
        self.numbers.duration.record(took.as_secs_f64(), &about);
        self.numbers.active.add(-1, &[]);
        let took_ms = took.as_millis();
        self.span.in_scope(|| {
            tracing::debug!(rpc.method = self.method, code = *name, took_ms, "call ended");
        });
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        self.ended_with(CANCELLED);
    }
}

/// Whether a code says that we failed, and not that the caller was wrong.
const fn is_ours(code: i32) -> bool {
    matches!(code, UNKNOWN | 4 | 12..=15)
}

fn code_in(headers: &HeaderMap) -> Option<i32> {
    headers.get("grpc-status")?.to_str().ok()?.parse().ok()
}

/// The body of an answer, with which its call ends.
pub struct Watched<B: Body> {
    body: B,
    call: Option<Call>,
    code: fn(&B::Error) -> i32,
}

impl<B: Body + Unpin> Body for Watched<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(cx));
        let code = match &frame {
            Some(Ok(frame)) => frame.trailers_ref().map(|last| code_in(last).unwrap_or(UNKNOWN)),
            Some(Err(error)) => Some((self.code)(error)),
            None => Some(UNKNOWN),
        };
        if let Some(code) = code
            && let Some(call) = self.call.take()
        {
            call.end(code);
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
