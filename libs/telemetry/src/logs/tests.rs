use std::{
    io,
    sync::{Mutex, mpsc},
};

use opentelemetry::trace::TracerProvider;
use opentelemetry_sdk::trace::SdkTracerProvider;
use serde_json::Value;
use tracing_subscriber::layer::SubscriberExt;

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

fn told(log: &str, tell: impl FnOnce()) -> Vec<Value> {
    let written = Written::default();
    let options = Options { log: log.into(), format: Format::Json, ..Options::default() };
    let pen = Pen::new(written.clone());
    let tracer = SdkTracerProvider::builder().build().tracer("test");
    let subscriber = tracing_subscriber::registry()
        .with(layer(&options, &pen).unwrap())
        .with(tracing_opentelemetry::layer().with_tracer(tracer));
    tracing::subscriber::with_default(subscriber, tell);
    drop(pen);
    let text = String::from_utf8(written.0.lock().unwrap().clone()).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn a_line_names_its_trace() {
    let mut trace = None;
    let lines = told("info", || {
        tracing::info!(count = 3, "outside");
        let span = tracing::info_span!("rpc", rpc.method = "motcua.intake.v1.IntakeService/Submit");
        trace = crate::trace_id(&span);
        span.in_scope(|| tracing::warn!("a \"quoted\" }} word"));
    });
    assert_eq!(lines[0]["message"], "outside");
    assert_eq!(lines[0]["count"], 3);
    assert_eq!(lines[0].get("trace_id"), None);
    assert_eq!(lines[1]["message"], "a \"quoted\" } word");
    assert_eq!(lines[1]["trace_id"].as_str(), trace.as_deref());
    assert_eq!(lines[1]["span_id"].as_str().map(str::len), Some(16));
    assert_eq!(lines[1]["span"]["rpc.method"], "motcua.intake.v1.IntakeService/Submit");
}

/// Spans are told at level info; a trace has its lines all the same.
#[test]
fn a_line_names_its_trace_where_spans_are_filtered_out() {
    let lines = told("warn", || {
        tracing::info_span!("rpc").in_scope(|| tracing::error!("broken"));
    });
    assert_eq!(lines[0]["trace_id"].as_str().map(str::len), Some(32), "{lines:?}");
}

/// Whoever reads standard error may stand still; work does not.
#[test]
fn a_reader_that_stands_still_holds_nothing_up() {
    struct Stuck(mpsc::Receiver<()>);
    impl io::Write for Stuck {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let _ = self.0.recv();
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let (go_on, stands) = mpsc::channel();
    let pen = Pen::new(Stuck(stands));
    let dropped = pen.dropped();
    let options = Options { format: Format::Json, ..Options::default() };
    let subscriber = tracing_subscriber::registry().with(layer(&options, &pen).unwrap());
    tracing::subscriber::with_default(subscriber, || {
        for number in 0..2 * WAITING_AT_MOST {
            tracing::info!(number, "work goes on");
        }
    });
    let lost = dropped.dropped_lines();
    assert!((WAITING_AT_MOST - 2..=WAITING_AT_MOST).contains(&lost), "{lost} lines were dropped");
    drop(go_on);
}
