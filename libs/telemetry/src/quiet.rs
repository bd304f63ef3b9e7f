//! What is never told, whatever the configuration says.

use std::{
    sync::{
        OnceLock,
        atomic::{AtomicU64, Ordering},
    },
    time::Instant,
};

use tracing::{Level, Metadata, Subscriber, subscriber::Interest};
use tracing_subscriber::layer::{Context, Filter};

/// At most one complaint about the collector in this many seconds.
const COMPLAIN_EVERY: u64 = 300;

/// Keeps out of the logs what has no place there.
pub(crate) struct Quiet;

impl<S: Subscriber> Filter<S> for Quiet {
    fn enabled(&self, metadata: &Metadata<'_>, _: &Context<'_, S>) -> bool {
        may_be_told(metadata) && (!is_exporter(metadata) || may_complain())
    }

    fn callsite_enabled(&self, metadata: &'static Metadata<'static>) -> Interest {
        match may_be_told(metadata) {
            true if is_exporter(metadata) => Interest::sometimes(),
            true => Interest::always(),
            false => Interest::never(),
        }
    }
}

pub(crate) fn is_exporter(metadata: &Metadata<'_>) -> bool {
    metadata.target().starts_with("opentelemetry")
}

/// Statements carry values, and values may be personal data.
fn may_be_told(metadata: &Metadata<'_>) -> bool {
    let target = metadata.target();
    let of = |part: &str| {
        target == part || target.strip_prefix(part).is_some_and(|r| r.starts_with("::"))
    };
    if of("sqlx::query") || (of("sea_orm") && *metadata.level() > Level::INFO) {
        return false;
    }
    if is_exporter(metadata) {
        return *metadata.level() <= Level::WARN;
    }
    // Below these, every frame and packet of every connection would be told: of a mailbox letters,
    // and the password.
    let wire = ["h2", "hyper", "hyper_util", "rustls", "tonic", "tower", "lapin", "async_imap"];
    *metadata.level() <= Level::INFO || !wire.into_iter().any(of)
}

/// Traces hold our own spans alone: an exporter's would beget more. What is told in them is told at
/// level info or above: details of every call would be as much again.
pub(crate) fn is_ours(metadata: &Metadata<'_>) -> bool {
    metadata.target().starts_with("motcua") && *metadata.level() <= Level::INFO
}

/// A collector that is away fails every few seconds; once in a while is enough to know.
fn may_complain() -> bool {
    static START: OnceLock<Instant> = OnceLock::new();
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let now = START.get_or_init(Instant::now).elapsed().as_secs();
    let next = NEXT.load(Ordering::Relaxed);
    now >= next
        && NEXT
            .compare_exchange(next, now + COMPLAIN_EVERY, Ordering::Relaxed, Ordering::Relaxed)
            .is_ok()
}

#[cfg(test)]
mod tests {
    use std::{
        io,
        sync::{Arc, Mutex},
    };

    use tracing_subscriber::{Layer, layer::SubscriberExt};

    use super::*;

    #[derive(Clone, Default)]
    struct Written(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Written {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn statements_and_chatter_are_never_told() {
        let written = Written::default();
        let writer = written.clone();
        let layer = tracing_subscriber::fmt::layer().with_writer(move || writer.clone());
        let subscriber = tracing_subscriber::registry().with(layer.with_filter(Quiet));
        tracing::subscriber::with_default(subscriber, || {
            tracing::trace!(target: "motcua_intake::app", "told: ours");
            tracing::warn!(target: "sqlx::postgres", "told: the driver");
            tracing::warn!(target: "sqlx::query", "SELECT 'Hoa'");
            tracing::debug!(target: "sea_orm::driver", "SELECT 'Hoa'");
            tracing::debug!(target: "h2::codec", "frame");
            tracing::debug!(target: "hyper", "frame");
            tracing::trace!(target: "async_imap::imap_stream", "LOGIN");
            tracing::info!(target: "opentelemetry_sdk", "chatter");
            for _ in 0..10 {
                tracing::error!(target: "opentelemetry_sdk", "told: collector");
            }
        });
        let text = String::from_utf8(written.0.lock().unwrap().clone()).unwrap();
        assert_eq!(text.matches("told: ").count(), 3, "{text}");
        assert_eq!(text.lines().count(), 3, "{text}");
    }
}
