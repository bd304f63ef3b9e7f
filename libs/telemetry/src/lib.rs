//! What the product says of itself: logs, traces and metrics.
//!
//! Logs go to standard error: text on a terminal, one JSON object a line with
//! its trace elsewhere. Metrics are kept for whoever asks ([`scrape`]). Where a
//! collector is configured, logs, traces and metrics go there (OTLP over gRPC).
//! Whether nobody listens, reads or answers, work goes on as fast: what waits is
//! bounded, and what is dropped is counted (`motcua.telemetry.dropped`).
//! A trace crosses processes in W3C form: [`inject_trace`] and [`continue_trace`] for
//! requests, [`current_traceparent`] and [`continue_from`] for rows of the outbox.
//!
//! ```no_run
//! # #[tokio::main] async fn main() -> Result<(), motcua_telemetry::InitError> {
//! use motcua_telemetry::{Options, Program};
//!
//! let program = Program { name: "motcua".into(), version: "0.1.0".into(), instance: "pod-1".into() };
//! let _flushes_when_dropped = motcua_telemetry::init(&Options::default(), &program)?;
//! tracing::info!(method = "AcceptDossier", "request done");
//! # Ok(()) }
//! ```
//!
//! **No personal data.** Fields hold ids, codes, counts and times; never a
//! request's body. What database drivers say of their statements is dropped
//! here whatever the filter says, since statements carry values.

mod board;
mod calls;
mod init;
mod logs;
mod losses;
mod numbers;
mod options;
mod propagation;
mod quiet;

pub use board::{Board, Gauge, Reading};
pub use calls::{Call, Watched};
pub use init::{Guard, InitError, Program, init};
pub use numbers::{SECONDS, meter, scrape};
pub use opentelemetry::{KeyValue, metrics};
pub use options::{Format, Options};
pub use propagation::{continue_from, continue_trace, current_traceparent, inject_trace, trace_id};
