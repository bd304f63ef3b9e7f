//! A trace across processes, in W3C Trace Context form.

use std::collections::HashMap;

use http::{HeaderMap, HeaderName, HeaderValue};
use opentelemetry::{
    Context,
    propagation::{Extractor, Injector, TextMapPropagator},
    trace::TraceContextExt,
};
use opentelemetry_sdk::propagation::TraceContextPropagator;
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt;

const TRACEPARENT: &str = "traceparent";

/// Writes the current span's trace into the headers of a request.
pub fn inject_trace(headers: &mut HeaderMap) {
    let context = Span::current().context();
    TraceContextPropagator::new().inject_context(&context, &mut HeadersMut(headers));
}

/// The current span's trace as text (`00-<trace>-<span>-<flags>`), for a row of the outbox.
pub fn current_traceparent() -> Option<String> {
    let mut carrier = HashMap::new();
    TraceContextPropagator::new().inject_context(&Span::current().context(), &mut carrier);
    carrier.remove(TRACEPARENT)
}

/// Makes `span` a child of the span that sent these headers, if they name one.
/// To be called before the span is entered.
pub fn continue_trace(span: &Span, headers: &HeaderMap) {
    adopt(
        span,
        &TraceContextPropagator::new().extract_with_context(&Context::new(), &Headers(headers)),
    );
}

/// Makes `span` continue the trace a row was written in, and links it to the
/// span that wrote it. Text that is no `traceparent` is passed over.
pub fn continue_from(span: &Span, traceparent: &str) {
    let carrier = HashMap::from([(TRACEPARENT.to_owned(), traceparent.to_owned())]);
    let context = TraceContextPropagator::new().extract_with_context(&Context::new(), &carrier);
    if context.span().span_context().is_valid() {
        span.add_link(context.span().span_context().clone());
    }
    adopt(span, &context);
}

/// The id of the trace `span` is in, 32 hexadecimal letters: for logs, and for people who report a fault.
pub fn trace_id(span: &Span) -> Option<String> {
    let context = span.context();
    let found = context.span().span_context().clone();
    found.is_valid().then(|| found.trace_id().to_string())
}

fn adopt(span: &Span, context: &Context) {
    if context.span().span_context().is_valid() {
        // Refused for a span that is entered or disabled: then it begins a trace of its own.
        let _ = span.set_parent(context.clone());
    }
}

struct HeadersMut<'h>(&'h mut HeaderMap);

impl Injector for HeadersMut<'_> {
    fn set(&mut self, key: &str, value: String) {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(key), HeaderValue::try_from(value)) {
            self.0.insert(name, value);
        }
    }
}

struct Headers<'h>(&'h HeaderMap);

impl Extractor for Headers<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key)?.to_str().ok()
    }

    fn keys(&self) -> Vec<&str> {
        self.0.keys().map(HeaderName::as_str).collect()
    }
}

#[cfg(test)]
mod tests {
    use opentelemetry::trace::TracerProvider;
    use opentelemetry_sdk::trace::SdkTracerProvider;
    use tracing_subscriber::{layer::SubscriberExt, util::SubscriberInitExt};

    use super::*;

    fn traced() -> tracing::subscriber::DefaultGuard {
        let tracer = SdkTracerProvider::builder().build().tracer("test");
        let layer = tracing_opentelemetry::layer().with_tracer(tracer);
        tracing_subscriber::registry().with(layer).set_default()
    }

    #[test]
    fn a_trace_goes_on_in_the_process_that_was_asked() {
        let _traced = traced();
        let caller = tracing::info_span!("caller");
        let mut headers = HeaderMap::new();
        caller.in_scope(|| inject_trace(&mut headers));
        let asked = tracing::info_span!("asked");
        continue_trace(&asked, &headers);
        assert!(trace_id(&caller).is_some());
        assert_eq!(trace_id(&asked), trace_id(&caller));
        let own = asked.in_scope(current_traceparent);
        assert_ne!(own.as_deref(), headers.get(TRACEPARENT).and_then(|v| v.to_str().ok()));
    }

    #[test]
    fn a_trace_goes_on_after_it_was_stored() {
        let _traced = traced();
        let publisher = tracing::info_span!("publisher");
        let stored = publisher.in_scope(current_traceparent).unwrap();
        let consumer = tracing::info_span!("consumer");
        continue_from(&consumer, &stored);
        assert_eq!(trace_id(&consumer), trace_id(&publisher));
    }

    #[test]
    fn nonsense_begins_a_trace_of_its_own() {
        let _traced = traced();
        for nonsense in
            ["", "00-0-0-00", "hello", "00-00000000000000000000000000000000-0000000000000000-01"]
        {
            let span = tracing::info_span!("work");
            continue_from(&span, nonsense);
            let mut headers = HeaderMap::new();
            headers.insert(TRACEPARENT, nonsense.parse().unwrap());
            continue_trace(&span, &headers);
            assert!(trace_id(&span).is_some(), "{nonsense}");
        }
    }

    #[test]
    fn without_tracing_there_is_nothing_to_carry() {
        assert_eq!(current_traceparent(), None);
        assert_eq!(trace_id(&Span::current()), None);
        let mut headers = HeaderMap::new();
        inject_trace(&mut headers);
        assert!(headers.is_empty());
    }
}
