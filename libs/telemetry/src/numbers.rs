//! Numbers: kept here, asked for by Prometheus, and sent to a collector where there is one.

use std::{sync::OnceLock, time::Duration};

use opentelemetry_otlp::{MetricExporter, WithExportConfig};
use opentelemetry_sdk::{
    Resource,
    metrics::{PeriodicReader, SdkMeterProvider},
};
use prometheus::{Registry, TextEncoder};

use crate::{InitError, Options, init::EXPORT};

/// What Prometheus is answered from.
static REGISTRY: OnceLock<Registry> = OnceLock::new();

/// Bounds of what takes milliseconds to seconds, as the conventions for RPC and messaging have them.
pub const SECONDS: [f64; 14] =
    [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0];

/// Where counters and histograms of this program are made. One made before
/// [`crate::init`] counts nothing.
pub fn meter() -> opentelemetry::metrics::Meter {
    opentelemetry::global::meter("motcua")
}

/// Everything that was counted, as Prometheus reads it (text format 0.0.4).
pub fn scrape() -> String {
    let families = REGISTRY.get().map(Registry::gather).unwrap_or_default();
    TextEncoder::new().encode_to_string(&families).unwrap_or_else(|error| {
        tracing::warn!(%error, "metrics cannot be written down");
        String::new()
    })
}

pub(crate) fn provider(
    options: &Options,
    resource: Resource,
) -> Result<(SdkMeterProvider, Registry), InitError> {
    let registry = Registry::new();
    let scraped = opentelemetry_prometheus::exporter()
        .with_registry(registry.clone())
        .scope_info_enabled(false)
        .build()?;
    let builder = SdkMeterProvider::builder().with_resource(resource).with_reader(scraped);
    let Some(endpoint) = &options.otlp_endpoint else { return Ok((builder.build(), registry)) };
    let exporter = MetricExporter::builder()
        .with_tonic()
        .with_endpoint(endpoint.as_str())
        .with_timeout(EXPORT)
        .build()?;
    let every = Duration::from_secs(options.metrics_every_seconds.max(1));
    let sent = PeriodicReader::builder(exporter).with_interval(every).build();
    Ok((builder.with_reader(sent).build(), registry))
}

/// Makes these the process's own.
pub(crate) fn install(metrics: &SdkMeterProvider, registry: Registry) {
    opentelemetry::global::set_meter_provider(metrics.clone());
    let _ = REGISTRY.set(registry);
}
