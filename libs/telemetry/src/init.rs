use std::{sync::Arc, time::Duration};

use opentelemetry::{KeyValue, metrics::MeterProvider, trace::TracerProvider};
use opentelemetry_otlp::{ExporterBuildError, LogExporter, SpanExporter, WithExportConfig};
use opentelemetry_sdk::{
    Resource,
    error::OTelSdkError,
    logs::{BatchConfigBuilder as LineBounds, BatchLogProcessor, SdkLoggerProvider},
    metrics::SdkMeterProvider,
    trace::{BatchConfigBuilder, BatchSpanProcessor, Sampler, SdkTracerProvider},
};
use prometheus::Registry;
use tracing_appender::non_blocking::WorkerGuard;
use tracing_subscriber::{
    Layer,
    filter::filter_fn,
    layer::SubscriberExt,
    util::{SubscriberInitExt, TryInitError},
};

use crate::{
    Options,
    logs::{self, Pen},
    losses::{self, Counted, Gate, Waiting},
    numbers,
    quiet::is_ours,
};

/// How long a collector that does not answer may hold up the end of the program.
const FLUSH: Duration = Duration::from_secs(2);
/// How long one export may take before it is given up.
pub(crate) const EXPORT: Duration = Duration::from_secs(5);

/// Who is telling.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Program {
    /// `motcua`, or `motcua-intake` where services run apart.
    pub name: String,
    /// The program's version.
    pub version: String,
    /// What tells this process from its twins.
    pub instance: String,
}

/// Why telling could not begin.
#[derive(Debug, thiserror::Error)]
pub enum InitError {
    /// The filter of logs cannot be read.
    #[error("telemetry.log: {0}; write info, or info,motcua_bus=debug")]
    Filter(#[from] tracing_subscriber::filter::ParseError),
    /// The exporter refuses its settings.
    #[error("telemetry.otlp_endpoint: {0}")]
    Exporter(#[from] ExporterBuildError),
    /// Numbers cannot be kept.
    #[error("metrics: {0}")]
    Metrics(#[from] OTelSdkError),
    /// Something else in this process is telling already.
    #[error("logging was set up twice: {0}")]
    Twice(#[from] TryInitError),
}

/// Sends what is still waiting when dropped, for two seconds at most each. Keep it until the end of `main`.
#[must_use = "dropping it ends the telling"]
pub struct Guard {
    traces: SdkTracerProvider,
    logs: Option<SdkLoggerProvider>,
    metrics: SdkMeterProvider,
    registry: Registry,
    /// Dropped last: what the others have to say is written too.
    _lines: WorkerGuard,
}

impl Drop for Guard {
    fn drop(&mut self) {
        // A collector that is away now has been logged already; the program ends all the same.
        let _ = self.traces.shutdown_with_timeout(FLUSH);
        let _ = self.logs.as_ref().map(|logs| logs.shutdown_with_timeout(FLUSH));
        let _ = self.metrics.shutdown_with_timeout(FLUSH);
    }
}

/// Begins telling, for the whole process. To be called once, within a multi-threaded Tokio runtime.
pub fn init(options: &Options, program: &Program) -> Result<Guard, InitError> {
    let (subscriber, guard) = prepare(options, program)?;
    subscriber.try_init()?;
    numbers::install(&guard.metrics, guard.registry.clone());
    Ok(guard)
}

/// Everything [`init`] sets up, before it is made the process's own.
fn prepare(
    options: &Options,
    program: &Program,
) -> Result<(impl SubscriberInitExt + use<>, Guard), InitError> {
    let resource = Resource::builder()
        .with_service_name(program.name.clone())
        .with_attributes([
            KeyValue::new("service.version", program.version.clone()),
            KeyValue::new("service.instance.id", program.instance.clone()),
        ])
        .build();
    let (spans, lines) = (Arc::new(Waiting::default()), Arc::new(Waiting::default()));
    let traces = traces(options, resource.clone(), &spans)?;
    let logs = logs(options, resource.clone(), &lines)?;
    let (metrics, registry) = numbers::provider(options, resource)?;
    let pen = Pen::new(std::io::stderr());
    losses::count(&metrics.meter("motcua"), spans, lines, pen.dropped());
    let written = logs::layer(options, &pen)?;
    let sent = logs.as_ref().map(|logs| logs::sent(options, logs)).transpose()?;
    let subscriber = tracing_subscriber::registry().with(written).with(sent).with(
        tracing_opentelemetry::layer()
            .with_tracer(traces.tracer("motcua"))
            .with_location(false)
            .with_threads(false)
            .with_target(false)
            .with_tracked_inactivity(false)
            .with_filter(filter_fn(is_ours)),
    );
    Ok((subscriber, Guard { traces, logs, metrics, registry, _lines: pen.guard }))
}

fn traces(
    options: &Options,
    resource: Resource,
    spans: &Arc<Waiting>,
) -> Result<SdkTracerProvider, InitError> {
    let builder = SdkTracerProvider::builder().with_resource(resource);
    let Some(endpoint) = &options.otlp_endpoint else {
        // Traces still have ids, which logs and neighbours are told; nothing is recorded.
        return Ok(builder.with_sampler(Sampler::AlwaysOff).build());
    };
    let exporter = SpanExporter::builder()
        .with_tonic()
        .with_endpoint(endpoint.as_str())
        .with_timeout(EXPORT)
        .build()?;
    let bounds = BatchConfigBuilder::default().with_max_queue_size(losses::WAITING_AT_MOST).build();
    let batches = BatchSpanProcessor::new(Counted(exporter, spans.clone()), bounds);
    // A caller that decided keeps its decision, so that no trace has holes.
    let here = Sampler::TraceIdRatioBased(options.sampled);
    Ok(builder
        .with_sampler(Sampler::ParentBased(Box::new(here)))
        .with_span_processor(Gate(batches, spans.clone()))
        .build())
}

/// The lines that go to the collector, where there is one that wants them.
fn logs(
    options: &Options,
    resource: Resource,
    waiting: &Arc<Waiting>,
) -> Result<Option<SdkLoggerProvider>, InitError> {
    let Some(endpoint) = options.otlp_endpoint.as_ref().filter(|_| options.otlp_logs) else {
        return Ok(None);
    };
    let exporter = LogExporter::builder()
        .with_tonic()
        .with_endpoint(endpoint.as_str())
        .with_timeout(EXPORT)
        .build()?;
    let bounds = LineBounds::default().with_max_queue_size(losses::WAITING_AT_MOST).build();
    let batches = BatchLogProcessor::builder(Counted(exporter, waiting.clone()))
        .with_batch_config(bounds)
        .build();
    let gate = Gate(batches, waiting.clone());
    Ok(Some(SdkLoggerProvider::builder().with_resource(resource).with_log_processor(gate).build()))
}

#[cfg(test)]
mod tests;
