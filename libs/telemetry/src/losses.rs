//! What could not be told, counted: telemetry gives way, work does not.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use opentelemetry::{Context, InstrumentationScope, KeyValue, metrics::Meter};
use opentelemetry_sdk::{
    Resource,
    error::OTelSdkResult,
    logs::{LogBatch, LogExporter, LogProcessor, SdkLogRecord},
    trace::{Span, SpanData, SpanExporter, SpanProcessor},
};
use tracing_appender::non_blocking::ErrorCounter;

/// Spans, and lines of the log, that may wait for a collector; the next one is dropped.
pub(crate) const WAITING_AT_MOST: usize = 8192;

/// What is on its way to the collector, and what did not arrive: spans, or lines of the log.
#[derive(Debug, Default)]
pub(crate) struct Waiting {
    on_the_way: AtomicUsize,
    no_room: AtomicU64,
    not_taken: AtomicU64,
}

impl Waiting {
    /// Room for one more, if there is any.
    fn enter(&self) -> bool {
        let has_room = self.on_the_way.fetch_add(1, Ordering::AcqRel) < WAITING_AT_MOST;
        if !has_room {
            self.on_the_way.fetch_sub(1, Ordering::AcqRel);
            self.no_room.fetch_add(1, Ordering::Relaxed);
        }
        has_room
    }

    fn leave(&self, count: usize, arrived: bool) {
        self.on_the_way.fetch_sub(count, Ordering::AcqRel);
        if !arrived {
            self.not_taken.fetch_add(count as u64, Ordering::Relaxed);
        }
    }
}

/// Lets in while there is room: whoever ends a span or tells a line never waits.
#[derive(Debug)]
pub(crate) struct Gate<P>(pub(crate) P, pub(crate) Arc<Waiting>);

impl<P: SpanProcessor> SpanProcessor for Gate<P> {
    fn on_start(&self, span: &mut Span, context: &Context) {
        self.0.on_start(span, context);
    }

    fn on_end(&self, span: SpanData) {
        if self.1.enter() {
            self.0.on_end(span);
        }
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.0.force_flush()
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.0.shutdown_with_timeout(timeout)
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.0.set_resource(resource);
    }
}

impl<P: LogProcessor> LogProcessor for Gate<P> {
    fn emit(&self, line: &mut SdkLogRecord, scope: &InstrumentationScope) {
        if self.1.enter() {
            self.0.emit(line, scope);
        }
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.0.force_flush()
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.0.shutdown_with_timeout(timeout)
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.0.set_resource(resource);
    }
}

/// Counts those that the collector did not take.
#[derive(Debug)]
pub(crate) struct Counted<E>(pub(crate) E, pub(crate) Arc<Waiting>);

impl<E: SpanExporter> SpanExporter for Counted<E> {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        let count = batch.len();
        let answer = self.0.export(batch).await;
        self.1.leave(count, answer.is_ok());
        answer
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.0.shutdown_with_timeout(timeout)
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.0.force_flush()
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.0.set_resource(resource);
    }
}

impl<E: LogExporter> LogExporter for Counted<E> {
    async fn export(&self, batch: LogBatch<'_>) -> OTelSdkResult {
        let count = batch.iter().count();
        let answer = self.0.export(batch).await;
        self.1.leave(count, answer.is_ok());
        answer
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.0.shutdown_with_timeout(timeout)
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.0.set_resource(resource);
    }
}

/// Tells what was lost: `motcua.telemetry.dropped`, by what and why.
pub(crate) fn count(meter: &Meter, spans: Arc<Waiting>, logs: Arc<Waiting>, lines: ErrorCounter) {
    let of = |signal: &'static str, reason: &'static str| {
        [KeyValue::new("signal", signal), KeyValue::new("reason", reason)]
    };
    meter
        .u64_observable_counter("motcua.telemetry.dropped")
        .with_unit("{item}")
        .with_description("Spans and log lines that were dropped so that work need not wait.")
        .with_callback(move |told| {
            for (signal, lost) in [("spans", &spans), ("logs", &logs)] {
                told.observe(lost.no_room.load(Ordering::Relaxed), &of(signal, "no_room"));
                told.observe(lost.not_taken.load(Ordering::Relaxed), &of(signal, "not_taken"));
            }
            told.observe(lines.dropped_lines() as u64, &of("lines", "no_room"));
        })
        .build();
}
