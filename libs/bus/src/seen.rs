//! Events, seen from outside: the hop to the bus and the hop into a service, as spans of
//! the trace they were said in and as numbers, by OpenTelemetry's conventions for messaging.

use std::{sync::LazyLock, time::Instant};

use motcua_context::Timestamp;
use motcua_fault::Fault;
use motcua_post::{Envelope, Letter};
use motcua_telemetry::{
    KeyValue, SECONDS, continue_from, current_traceparent, meter,
    metrics::{Counter, Histogram},
};
use tracing::{Span, field::Empty};

/// Bounds of what takes milliseconds when all is well and hours when it is not.
const AGES: [f64; 12] =
    [0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0, 120.0, 600.0, 3600.0, 21_600.0];

static SENT: LazyLock<Counter<u64>> = LazyLock::new(|| {
    meter()
        .u64_counter("messaging.client.sent.messages")
        .with_unit("{message}")
        .with_description("Events that a service gave to the bus; with error.type, those that the bus did not take.")
        .build()
});
static PROCESSED: LazyLock<Histogram<f64>> = LazyLock::new(|| {
    meter()
        .f64_histogram("messaging.process.duration")
        .with_unit("s")
        .with_description("How long acting upon one event took, once.")
        .with_boundaries(SECONDS.to_vec())
        .build()
});
static AGE: LazyLock<Histogram<f64>> = LazyLock::new(|| {
    meter()
        .f64_histogram("motcua.event.age")
        .with_unit("s")
        .with_description("From when an event was said until a listener had acted upon it.")
        .with_boundaries(AGES.to_vec())
        .build()
});

/// An event on its way to the bus.
pub(crate) struct Sending {
    span: Span,
    about: Vec<KeyValue>,
}

impl Sending {
    /// Begins one, and lets whoever hears the event go on from here.
    pub(crate) fn begin(system: &'static str, envelope: &mut Envelope) -> Self {
        let span = tracing::info_span!(
            "send",
            otel.name = "send motcua.events",
            otel.kind = "producer",
            otel.status_code = Empty,
            messaging.system = system,
            messaging.operation.name = "send",
            "messaging.operation.type" = "send",
            messaging.destination.name = "motcua.events",
            messaging.message.id = %envelope.id.uuid(),
            cloudevents.event_type = envelope.event_type,
            "error.type" = Empty,
        );
        if let Some(traceparent) = &envelope.traceparent {
            continue_from(&span, traceparent);
        }
        envelope.traceparent = span.in_scope(current_traceparent).or(envelope.traceparent.take());
        let about = vec![
            KeyValue::new("messaging.system", system),
            KeyValue::new("messaging.operation.name", "send"),
            KeyValue::new("messaging.destination.name", "motcua.events"),
            KeyValue::new("motcua.service", envelope.source.clone()),
        ];
        Self { span, about }
    }

    /// Ends it with what the bus answered.
    pub(crate) fn end(mut self, answer: &Result<(), Fault>) {
        if let Err(fault) = answer {
            self.about.push(failed(&self.span, fault));
        }
        SENT.add(1, &self.about);
    }
}

/// An event that is acted upon.
pub(crate) struct Processing {
    span: Span,
    about: Vec<KeyValue>,
    begun: Instant,
}

impl Processing {
    /// Begins one; `is_known` says whether its type is one of those listened to.
    pub(crate) fn begin(service: &'static str, letter: &Letter, is_known: bool) -> Self {
        let envelope = &letter.envelope;
        let span = tracing::info_span!(
            "process",
            otel.name = format!("process motcua.{service}"),
            otel.kind = "consumer",
            otel.status_code = Empty,
            messaging.system = "motcua",
            messaging.operation.name = "process",
            "messaging.operation.type" = "process",
            messaging.destination.name = format!("motcua.{service}"),
            messaging.message.id = %envelope.id.uuid(),
            cloudevents.event_type = envelope.event_type,
            attempt = letter.attempts,
            "error.type" = Empty,
        );
        if let Some(traceparent) = &envelope.traceparent {
            continue_from(&span, traceparent);
        }
        // What nobody listens to may be called anything.
        let event = if is_known { envelope.event_type.clone() } else { "other".to_owned() };
        let about = vec![
            KeyValue::new("messaging.system", "motcua"),
            KeyValue::new("messaging.operation.name", "process"),
            KeyValue::new("messaging.destination.name", format!("motcua.{service}")),
            KeyValue::new("cloudevents.event_type", event),
        ];
        Self { span, about, begun: Instant::now() }
    }

    /// The span of it, for what is done upon it.
    pub(crate) const fn span(&self) -> &Span {
        &self.span
    }

    /// Ends it; `said` and `now` are of the same clock.
    pub(crate) fn end(mut self, answer: &Result<(), Fault>, said: Timestamp, now: Timestamp) {
        match answer {
            Ok(()) => {
                let age = (now - said).as_seconds_f64().max(0.0);
                AGE.record(age, &self.about[2..3]);
            }
            Err(fault) => self.about.push(failed(&self.span, fault)),
        }
        let took = self.begun.elapsed();
        PROCESSED.record(took.as_secs_f64(), &self.about);
        let (reason, took_ms) = (answer.as_ref().err().map(Fault::reason), took.as_millis());
        self.span.in_scope(|| tracing::debug!(reason, took_ms, "acting upon an event ended"));
    }
}

/// Why it failed: a kind, of which there are few.
fn failed(span: &Span, fault: &Fault) -> KeyValue {
    let kind = format!("{:?}", fault.kind());
    span.record("error.type", kind.as_str());
    span.record("otel.status_code", "error");
    KeyValue::new("error.type", kind)
}
