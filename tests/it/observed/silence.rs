//! Whether nobody listens, somebody hangs up, or somebody listens and never answers: work goes on,
//! what could not be told is counted, and the end comes in time.

use std::{
    net::{SocketAddr, TcpListener},
    time::{Duration, Instant},
};

use motcua::demo::{story::Story, teller::Teller};
use motcua_context::{Clock, SystemClock};
use motcua_tests::sandbox::{Sandbox, Topology};

use super::until;

/// Calls, besides those of the story.
const CALLS: usize = 200;
/// `server.grace_s`.
const GRACE: Duration = Duration::from_secs(20);

#[tokio::test(flavor = "multi_thread")]
async fn a_collector_that_is_away_changes_nothing() {
    works_on(([127, 0, 0, 1], super::free_port()).into()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collector_that_hangs_up_changes_nothing() {
    works_on(listening(drop)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collector_that_never_answers_changes_nothing() {
    // Kept open, and neither read nor written.
    works_on(listening(std::mem::forget)).await;
}

/// Somebody who does this with every connection, until the test ends.
fn listening(each: fn(std::net::TcpStream)) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || listener.incoming().flatten().for_each(each));
    address
}

async fn works_on(collector: SocketAddr) {
    let endpoint = format!("telemetry.otlp_endpoint=http://{collector}");
    let set = [endpoint.as_str(), "telemetry.metrics_every_seconds=1"];
    let now = SystemClock.now();
    let mut sandbox = Sandbox::start_set(Topology::OneProcess, now, &set).await.unwrap();
    let (world, mut teller) = (sandbox.world().unwrap(), Teller::silent());
    let mut story =
        Box::pin(Story::begin(&world, sandbox.administrator(), &mut teller)).await.unwrap();
    let filed = story.submitted().await.unwrap();
    story.accept(&filed).await.unwrap();
    let mut answered = 0;
    for _ in 0..CALLS {
        let read = story.dossier(&story.citizen, &filed.name).await;
        answered += usize::from(read.is_ok_and(|dossier| dossier.name == filed.name));
    }
    assert_eq!(answered, CALLS);
    for signal in ["spans", "logs"] {
        until("what was not taken is counted", async || {
            let metrics = sandbox.metrics("motcua").await.unwrap();
            (lost(&metrics, signal) > 0.0).then_some(())
        })
        .await;
    }
    let begun = Instant::now();
    assert!(sandbox.stop("motcua").await.unwrap(), "it did not end well");
    let took = begun.elapsed();
    assert!(took < GRACE, "the end took {took:?}");
}

/// How much of a signal the collector did not take.
fn lost(metrics: &str, signal: &str) -> f64 {
    let of = |line: &&str| {
        line.starts_with("motcua_telemetry_dropped_total")
            && line.contains(&format!("\"{signal}\""))
            && line.contains("\"not_taken\"")
    };
    let line = metrics.lines().find(of).unwrap_or_default();
    line.rsplit(' ').next().and_then(|count| count.parse().ok()).unwrap_or_default()
}
