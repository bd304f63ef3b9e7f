use std::{io::IsTerminal, time::Duration};

use opentelemetry::{KeyValue, global, trace::TracerProvider};
use opentelemetry_otlp::{ExporterBuildError, MetricExporter, SpanExporter, WithExportConfig};
use opentelemetry_sdk::{
    Resource,
    metrics::{PeriodicReader, SdkMeterProvider},
    trace::{Sampler, SdkTracerProvider},
};
use tracing::Subscriber;
use tracing_subscriber::{
    Layer,
    filter::{FilterExt, Targets, filter_fn},
    layer::SubscriberExt,
    registry::LookupSpan,
    util::{SubscriberInitExt, TryInitError},
};

use crate::{
    Format, Options,
    quiet::{Quiet, is_ours},
};

/// How long a collector that does not answer may hold up the end of the program.
const FLUSH: Duration = Duration::from_secs(2);
/// How long one export may take before it is given up.
const EXPORT: Duration = Duration::from_secs(5);

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
    /// Something else in this process is telling already.
    #[error("logging was set up twice: {0}")]
    Twice(#[from] TryInitError),
}

/// Sends what is still waiting when dropped, for two seconds at most. Keep it until the end of `main`.
#[must_use = "dropping it ends the telling"]
pub struct Guard {
    traces: SdkTracerProvider,
    metrics: Option<SdkMeterProvider>,
}

impl Drop for Guard {
    fn drop(&mut self) {
        // A collector that is away now has been logged already; the program ends all the same.
        let _ = self.traces.shutdown_with_timeout(FLUSH);
        if let Some(metrics) = &self.metrics {
            let _ = metrics.shutdown_with_timeout(FLUSH);
        }
    }
}

/// Begins telling, for the whole process. To be called once, within a multi-threaded Tokio runtime.
pub fn init(options: &Options, program: &Program) -> Result<Guard, InitError> {
    let (subscriber, guard) = prepare(options, program)?;
    subscriber.try_init()?;
    if let Some(metrics) = &guard.metrics {
        global::set_meter_provider(metrics.clone());
    }
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
    let traces = traces(options, resource.clone())?;
    let metrics = metrics(options, resource)?;
    let subscriber = tracing_subscriber::registry().with(logs(options)?).with(
        tracing_opentelemetry::layer()
            .with_tracer(traces.tracer("motcua"))
            .with_location(false)
            .with_threads(false)
            .with_filter(filter_fn(is_ours)),
    );
    Ok((subscriber, Guard { traces, metrics }))
}

fn logs<S>(options: &Options) -> Result<Box<dyn Layer<S> + Send + Sync>, InitError>
where
    S: Subscriber + for<'span> LookupSpan<'span>,
{
    let filter = options.log.parse::<Targets>()?.and(Quiet);
    let text = match options.format {
        Format::Auto => std::io::stderr().is_terminal(),
        Format::Text => true,
        Format::Json => false,
    };
    let layer = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    Ok(if text {
        layer.compact().with_ansi(std::io::stderr().is_terminal()).with_filter(filter).boxed()
    } else {
        layer.json().flatten_event(true).with_span_list(false).with_filter(filter).boxed()
    })
}

fn traces(options: &Options, resource: Resource) -> Result<SdkTracerProvider, InitError> {
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
    // A caller that decided keeps its decision, so that no trace has holes.
    let here = Sampler::TraceIdRatioBased(options.sampled);
    Ok(builder
        .with_sampler(Sampler::ParentBased(Box::new(here)))
        .with_batch_exporter(exporter)
        .build())
}

fn metrics(options: &Options, resource: Resource) -> Result<Option<SdkMeterProvider>, InitError> {
    let Some(endpoint) = &options.otlp_endpoint else { return Ok(None) };
    let exporter = MetricExporter::builder()
        .with_tonic()
        .with_endpoint(endpoint.as_str())
        .with_timeout(EXPORT)
        .build()?;
    let every = Duration::from_secs(options.metrics_every_seconds.max(1));
    let reader = PeriodicReader::builder(exporter).with_interval(every).build();
    Ok(Some(SdkMeterProvider::builder().with_resource(resource).with_reader(reader).build()))
}

#[cfg(test)]
mod tests;
