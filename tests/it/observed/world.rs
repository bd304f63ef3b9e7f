//! The whole system, watched while one dossier goes its way.

use std::collections::BTreeSet;

use motcua::demo::{story, teller::Teller};
use motcua_context::{Clock, SystemClock};
use motcua_tests::sandbox::{Sandbox, Topology};

use super::{collector::Collector, files, labels, prometheus::Prometheus, trace::Traces, until};

/// What a collector must have received.
const TOLD: [&str; 14] = [
    "rpc.server.call.duration",
    "rpc.client.call.duration",
    "messaging.client.sent.messages",
    "messaging.process.duration",
    "motcua.event.age",
    "motcua.outbox.oldest.age",
    "db.client.connection.count",
    "motcua.dossiers.stuck",
    "motcua.dossiers.overdue",
    "motcua.books.unsound",
    "motcua.payments.stuck",
    "motcua.inbox.oldest.age",
    "motcua.inbox.parked",
    "motcua.broker.messages",
];
/// Processes, one a service.
const SERVICES: usize = 6;

#[tokio::test(flavor = "multi_thread")]
async fn a_dossiers_way_is_seen_over_processes() {
    let folder = tempfile::tempdir().unwrap();
    let collector = Collector::start(folder.path()).await;
    let set = [
        &format!("telemetry.otlp_endpoint={}", collector.endpoint()),
        "telemetry.metrics_every_seconds=1",
        "telemetry.look_every_seconds=1",
        // A line for each call and each event.
        "telemetry.log=info,motcua_telemetry=debug,motcua_bus=debug",
    ];
    let now = SystemClock.now();
    let sandbox = Sandbox::start_set(Topology::Processes, now, &set).await.unwrap();
    let asked: Vec<_> = sandbox.names().into_iter().map(|name| sandbox.http(name)).collect();
    let prometheus = Prometheus::start(folder.path(), &asked).await;
    let world = sandbox.world().unwrap();
    let ending = story::tell(&world, sandbox.administrator(), &mut Teller::silent()).await.unwrap();

    let [submission, acceptance] = traces(&collector).await;
    is_found_in_logs(&sandbox, &submission, ["intake", "notification", "identity"]);
    is_found_in_logs(&sandbox, &acceptance, ["intake", "workflow", "notification"]);
    until("the collector's metrics", async || {
        let told = collector.metrics();
        TOLD.iter().all(|name| told.contains(*name)).then_some(())
    })
    .await;
    until("lines of the log, with their trace", async || {
        let lines = collector.lines();
        lines.iter().any(|line| line.contains(&acceptance)).then_some(())
    })
    .await;
    assert_eq!(collector.unexplained(), Vec::<String>::new());
    assert!(ending.code.starts_with("H53."), "{}", ending.code);
    holds_no_personal_data(&collector.text(), &sandbox, &asked).await;
    is_drawn_and_watched(&prometheus).await;
}

/// The traces of a submission and of an acceptance, when every hop of them has arrived.
async fn traces(collector: &Collector) -> [String; 2] {
    let mut lack = String::new();
    let looked = until("one trace with every hop", async || {
        let spans = collector.spans();
        let traces = Traces(&spans);
        let both = traces.submission().and_then(|a| Ok([a, traces.acceptance()?]));
        both.map(|both| both.map(ToOwned::to_owned)).map_err(|lacks| lack = lacks).ok()
    });
    let looked = tokio::time::timeout(std::time::Duration::from_secs(110), looked).await;
    looked.unwrap_or_else(|_| panic!("{lack}"))
}

/// Each of these processes has written lines about a trace, in JSON.
fn is_found_in_logs(sandbox: &Sandbox, trace: &str, names: [&str; 3]) {
    for name in names {
        let log = std::fs::read_to_string(sandbox.dir().join(format!("{name}.log"))).unwrap();
        let lines = log.lines().map(serde_json::from_str::<serde_json::Value>);
        let lines: Vec<_> = lines.collect::<Result<_, _>>().unwrap();
        let of_trace = lines.iter().filter(|line| line["trace_id"] == trace);
        assert!(of_trace.count() > 0, "{name} wrote nothing about {trace}");
    }
}

/// What the story's people are called, and by what they are reached.
async fn holds_no_personal_data(
    collected: &str,
    sandbox: &Sandbox,
    asked: &[std::net::SocketAddr],
) {
    let personal = ["Nguyễn Văn An", "Trần Thị Bình", "0912345678", "912345678", "@example.vn"];
    let found: Vec<_> = personal.iter().filter(|text| collected.contains(**text)).collect();
    assert!(found.is_empty(), "the collector received {found:?}");
    assert_eq!(asked.len(), SERVICES);
    for name in sandbox.names() {
        let metrics = sandbox.metrics(name).await.unwrap();
        let found: Vec<_> = personal.iter().filter(|text| metrics.contains(**text)).collect();
        assert!(found.is_empty(), "{name}'s metrics hold {found:?}");
        assert_eq!(labels::wrong(&metrics), Vec::<String>::new(), "{name}");
    }
}

/// Prometheus reads everything, knows every name in the dashboard and in the alerts, draws every
/// panel, and evaluates every alert; none of them is due to what a healthy system does.
async fn is_drawn_and_watched(prometheus: &Prometheus) {
    until("all processes are read", async || {
        let up = prometheus.query("up == 1").await;
        (up.len() == SERVICES).then_some(())
    })
    .await;
    let mut empty = Vec::new();
    for (title, query) in files::panels() {
        // A rate needs two readings.
        let drawn = async || (!prometheus.query(&query).await.is_empty()).then_some(());
        let waited = tokio::time::timeout(std::time::Duration::from_secs(20), until("", drawn));
        if waited.await.is_err() {
            empty.push(title);
        }
    }
    assert!(empty.is_empty(), "panels without data: {empty:?}");
    let known: BTreeSet<_> = prometheus.names().await.into_iter().collect();
    let queries = files::panels().into_iter().chain(files::alerts());
    for (title, query) in queries {
        let unknown: Vec<_> = files::names(&query).difference(&known).cloned().collect();
        assert!(unknown.is_empty(), "{title} asks for {unknown:?}");
    }
    let rules = until("every alert is evaluated", async || {
        let rules = prometheus.rules().await;
        rules.iter().all(|rule| rule["health"] == "ok").then_some(rules)
    })
    .await;
    assert_eq!(rules.len(), files::alerts().len());
    is_at_rest(prometheus).await;
}

/// Whatever was due while the processes began is over when each of them has counted once.
async fn is_at_rest(prometheus: &Prometheus) {
    let mut due = Vec::new();
    let rest = until("no alert is due", async || {
        let rules = prometheus.rules().await;
        let due_now = rules.iter().filter(|rule| rule["state"] != "inactive");
        due = due_now.map(|rule| format!("{}: {}", rule["name"], rule["state"])).collect();
        due.is_empty().then_some(())
    });
    let rest = tokio::time::timeout(std::time::Duration::from_secs(30), rest).await;
    assert!(rest.is_ok(), "a healthy system is about to alert: {due:?}");
}
