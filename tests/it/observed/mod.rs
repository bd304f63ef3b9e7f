//! The system seen from outside: by an OpenTelemetry collector that receives what services tell,
//! and by Prometheus, which asks them, alerts by `k8s/alerts` and draws `k8s/dashboards`.

#![expect(clippy::large_futures, reason = "a test awaits a whole story, once")]

mod collector;
mod files;
mod health;
mod labels;
mod prometheus;
mod rules;
mod silence;
mod trace;
mod world;

use std::{path::PathBuf, time::Duration};

/// The interpreter beside which scripts/test put the packages of `tests/requirements.txt`.
fn interpreter() -> PathBuf {
    std::env::var_os("MOTCUA_TEST_PYTHON").map_or_else(|| "python3".into(), PathBuf::from)
}

fn root() -> PathBuf {
    // The repository may have moved since the test was built.
    let tests = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let tests = tests.unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    tests.parent().unwrap().to_owned()
}

/// A port that nobody listens on now.
fn free_port() -> u16 {
    let [port] = motcua_tests::servers::free_ports().unwrap();
    port
}

/// Looks again until there is something; says what was waited for otherwise.
async fn until<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let begun = std::time::Instant::now();
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(begun.elapsed() < Duration::from_mins(2), "waited in vain: {what}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}
