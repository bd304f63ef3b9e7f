//! Logs: a line each, told without waiting, with the trace they belong to.

use std::{
    fmt,
    io::IsTerminal,
    sync::{Arc, OnceLock},
};

use opentelemetry::trace::TraceContextExt;
use opentelemetry_appender_tracing::layer::OpenTelemetryTracingBridge;
use opentelemetry_sdk::logs::SdkLoggerProvider;
use tracing::{Dispatch, Event, Subscriber, dispatcher::WeakDispatch, level_filters::LevelFilter};
use tracing_appender::non_blocking::{ErrorCounter, NonBlocking, NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::{
    Layer,
    filter::{FilterExt, Targets, filter_fn},
    fmt::{
        FmtContext, FormatEvent, FormatFields,
        format::{Format as Lines, Json, Writer},
    },
    registry::LookupSpan,
};

use crate::{
    Format, InitError, Options,
    quiet::{Quiet, is_exporter},
};

/// Lines that may wait for whoever reads standard error; the next one is dropped.
const WAITING_AT_MOST: usize = 8192;

/// What writes lines, until it is dropped.
pub(crate) struct Pen {
    ink: NonBlocking,
    /// Writes what is waiting when dropped.
    pub(crate) guard: WorkerGuard,
}

impl Pen {
    pub(crate) fn new(writer: impl std::io::Write + Send + 'static) -> Self {
        let (ink, guard) = NonBlockingBuilder::default()
            .buffered_lines_limit(WAITING_AT_MOST)
            .lossy(true)
            .thread_name("logs")
            .finish(writer);
        Self { ink, guard }
    }

    pub(crate) fn dropped(&self) -> ErrorCounter {
        self.ink.error_counter()
    }
}

/// The layer that writes lines.
pub(crate) fn layer<S>(
    options: &Options,
    pen: &Pen,
) -> Result<Box<dyn Layer<S> + Send + Sync>, InitError>
where
    S: Subscriber + for<'span> LookupSpan<'span>,
{
    let filter = options.log.parse::<Targets>()?.and(Quiet);
    let is_terminal = std::io::stderr().is_terminal();
    let text = match options.format {
        Format::Auto => is_terminal,
        Format::Text => true,
        Format::Json => false,
    };
    let lines = tracing_subscriber::fmt::layer().with_writer(pen.ink.clone());
    if text {
        return Ok(lines.compact().with_ansi(is_terminal).with_filter(filter).boxed());
    }
    let whose = Whose::default();
    let format = lines.json().flatten_event(true).with_span_list(false);
    let lines = format.map_event_format(|json| Traced { json, whose: whose.clone() });
    Ok(whose.with_filter(LevelFilter::OFF).and_then(lines.with_filter(filter)).boxed())
}

/// The layer that gives lines to a collector, each with the trace it was told in.
pub(crate) fn sent<S>(
    options: &Options,
    logs: &SdkLoggerProvider,
) -> Result<Box<dyn Layer<S> + Send + Sync>, InitError>
where
    S: Subscriber + for<'span> LookupSpan<'span>,
{
    // What an exporter says of its failures would only beget more of them.
    let others = filter_fn(|metadata| !is_exporter(metadata));
    let filter = others.and(options.log.parse::<Targets>()?).and(Quiet);
    Ok(OpenTelemetryTracingBridge::new(logs).with_filter(filter).boxed())
}

/// Learns whose layer it is, so that spans can be asked for their trace from
/// within it.
#[derive(Clone, Default)]
struct Whose(Arc<OnceLock<WeakDispatch>>);

impl<S: Subscriber> Layer<S> for Whose {
    fn on_register_dispatch(&self, dispatch: &Dispatch) {
        let _ = self.0.set(dispatch.downgrade());
    }
}

/// One JSON object a line, with `trace_id` and `span_id` where there is a trace.
struct Traced {
    json: Lines<Json>,
    whose: Whose,
}

impl<S, N> FormatEvent<S, N> for Traced
where
    S: Subscriber + for<'span> LookupSpan<'span>,
    N: for<'writer> FormatFields<'writer> + 'static,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let mut line = String::new();
        self.json.format_event(context, Writer::new(&mut line), event)?;
        match (line.trim_end().strip_suffix('}'), self.ids(event)) {
            (Some(open), Some((trace, span))) => {
                writeln!(writer, r#"{open},"trace_id":"{trace}","span_id":"{span}"}}"#)
            }
            _ => writer.write_str(&line),
        }
    }
}

impl Traced {
    /// The trace and the span an event belongs to, whether or not the filter of
    /// logs lets the span itself through.
    fn ids(&self, event: &Event<'_>) -> Option<(String, String)> {
        let dispatch = self.whose.0.get()?.upgrade()?;
        let current = dispatch.current_span();
        let span = event.parent().or(current.id())?;
        let context = tracing_opentelemetry::get_otel_context(span, &dispatch)?;
        let found = context.span().span_context().clone();
        found.is_valid().then(|| (found.trace_id().to_string(), found.span_id().to_string()))
    }
}

#[cfg(test)]
mod tests;
