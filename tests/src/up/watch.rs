//! What developers watch the system with: a collector that takes traces and metrics (rotel, of
//! PyPI), and Prometheus of Debian with the alerts and panels of `k8s/`.

use std::{fmt::Write as _, fs, path::Path, process::Command};

use anyhow::{Context, Result, ensure};
use rustix::process::Signal;
use serde_json::{Value, json};

use super::product::Service;
use crate::servers::{
    place::{Place, find},
    port,
    process::Process,
};

/// OTLP over gRPC, and over HTTP.
const COLLECTOR: [u16; 2] = [4317, 4318];
const PROMETHEUS: u16 = 9090;

/// Where services tell their traces.
pub(super) fn endpoint(shift: u16) -> String {
    format!("http://127.0.0.1:{}", COLLECTOR[0].saturating_add(shift))
}

/// Where people look.
pub(super) fn page(shift: u16) -> String {
    format!("http://127.0.0.1:{}", PROMETHEUS.saturating_add(shift))
}

/// Starts the collector; what it received stands in its log.
pub(super) fn collector(place: &Place, python: &Path) -> Result<Process> {
    let folder = place.folder("collector")?;
    let [grpc, http] = place.ports("the collector", COLLECTOR)?;
    let ask = "import pathlib, rotel; print(pathlib.Path(rotel.__file__).parent / 'rotel-agent')";
    let found = Command::new(python).args(["-c", ask]).output()?;
    ensure!(found.status.success(), "rotel is not installed: scripts/python installs it");
    let agent = String::from_utf8(found.stdout)?;
    // Root's Python may lie where the servers' user cannot enter.
    let own = folder.join("rotel-agent");
    fs::copy(agent.trim(), &own).with_context(|| agent.trim().to_owned())?;
    let mut command = place.command(own, "KILL");
    command
        .args(["start", "--exporter", "blackhole", "--debug-log-verbosity", "detailed"])
        .args(["--otlp-grpc-endpoint", &format!("127.0.0.1:{grpc}")])
        .args(["--otlp-http-endpoint", &format!("127.0.0.1:{http}")])
        .arg("--pid-file")
        .arg(folder.join("collector.pid"))
        .args(["--debug-log", "traces"]);
    let mut process = Process::spawn("collector", command, &folder)?;
    process.wait_for(|| port::answers(http, b"GET / HTTP/1.0\r\n\r\n", b"HTTP/1."))?;
    Ok(process)
}

/// Starts Prometheus, which asks the services every few seconds.
pub(super) fn prometheus(place: &Place, services: &[Service], root: &Path) -> Result<Process> {
    let folder = place.folder("prometheus")?;
    let [port] = place.ports("Prometheus", [PROMETHEUS])?;
    let targets: Vec<_> = services.iter().map(|s| format!("127.0.0.1:{}", s.http)).collect();
    // JSON is YAML.
    let config = json!({
        "global": { "scrape_interval": "5s", "evaluation_interval": "15s" },
        "rule_files": ["rules.yaml"],
        "scrape_configs": [{
            "job_name": "motcua/motcua",
            "static_configs": [{ "targets": targets }],
        }],
    });
    let alerts = fs::read_to_string(root.join("k8s/alerts/motcua.yaml"))?;
    let alerts: Value = serde_saphyr::from_str(&alerts)?;
    let rules = json!({ "groups": alerts["spec"]["groups"] });
    place.file(&folder.join("prometheus.yaml"), &config.to_string())?;
    place.file(&folder.join("rules.yaml"), &rules.to_string())?;
    let board = fs::read_to_string(root.join("k8s/dashboards/motcua.json"))?;
    let consoles = place.folder("consoles")?;
    place.file(&consoles.join("motcua.html"), &console(&serde_json::from_str(&board)?))?;
    let mut command = place.command(find("prometheus")?, "TERM");
    command
        .arg(format!("--config.file={}", folder.join("prometheus.yaml").display()))
        .arg(format!("--storage.tsdb.path={}", folder.join("data").display()))
        .arg(format!("--web.console.templates={}", consoles.display()))
        .arg(format!("--web.listen-address=127.0.0.1:{port}"));
    let mut process = Process::spawn("prometheus", command, &folder)?.ended_by(Signal::TERM);
    process.wait_for(|| port::answers(port, b"GET /-/ready HTTP/1.0\r\n\r\n", b"HTTP/1.0 200"))?;
    Ok(process)
}

/// The dashboard's panels as a page of Prometheus: what each says now, and a way to its graph.
fn console(board: &Value) -> String {
    let mut page = "<!doctype html><meta charset=utf-8><title>motcua</title><h1>motcua</h1>\n\
        <p><a href=/alerts>alerts</a> · <a href=/targets>processes</a></p>\n"
        .to_owned();
    for panel in board["panels"].as_array().into_iter().flatten() {
        for target in panel["targets"].as_array().into_iter().flatten() {
            let (title, query) = (panel["title"].as_str(), target["expr"].as_str());
            let (Some(title), Some(query)) = (title, query) else { continue };
            let _ = write!(
                page,
                "<h2><a href=\"/graph?g0.tab=0&amp;g0.range_input=1h&amp;g0.expr={}\">{title}</a></h2>\n\
                 <table>{{{{ range query `{query}` }}}}\
                 <tr><td>{{{{ range $k, $v := .Labels }}}}{{{{ $k }}}}={{{{ $v }}}} {{{{ end }}}}\
                 <td>{{{{ .Value | humanize }}}}{{{{ end }}}}</table>\n",
                escaped(query)
            );
        }
    }
    page
}

fn escaped(text: &str) -> String {
    let letter = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    };
    text.bytes().map(letter).collect()
}
