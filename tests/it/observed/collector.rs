//! A collector run as a process of its own (rotel), and what it wrote of what it received.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::File,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use super::{interpreter, until};

/// A span as the collector wrote it down.
#[derive(Debug, Clone, Default)]
pub(super) struct Span {
    /// The `service.name` of whoever sent it.
    pub(super) service: String,
    pub(super) trace: String,
    pub(super) parent: String,
    pub(super) id: String,
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) about: BTreeMap<String, String>,
}

/// The running collector; dropping it ends it.
pub(super) struct Collector {
    child: Child,
    written: PathBuf,
    port: u16,
}

impl Collector {
    pub(super) async fn start(folder: &Path) -> Self {
        let [port, http] = motcua_tests::servers::free_ports().unwrap();
        let written = folder.join("collector.txt");
        let file = File::create(&written).unwrap();
        let child = Command::new(agent())
            .args(["start", "--exporter", "blackhole", "--debug-log-verbosity", "detailed"])
            .args(["--otlp-grpc-endpoint", &format!("127.0.0.1:{port}")])
            .args(["--otlp-http-endpoint", &format!("127.0.0.1:{http}")])
            .arg("--pid-file")
            .arg(folder.join("collector.pid"))
            .args(["--debug-log", "traces", "--debug-log", "metrics", "--debug-log", "logs"])
            .stdin(Stdio::null())
            .stdout(file.try_clone().unwrap())
            .stderr(file)
            .spawn()
            .unwrap();
        let collector = Self { child, written, port };
        until("the collector listens", async || {
            std::net::TcpStream::connect(("127.0.0.1", port)).ok()
        })
        .await;
        collector
    }

    /// Where services tell.
    pub(super) fn endpoint(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Everything it wrote.
    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(&std::fs::read(&self.written).unwrap()).into_owned()
    }

    /// The spans it received.
    pub(super) fn spans(&self) -> Vec<Span> {
        let (mut spans, mut service) = (Vec::<Span>::new(), String::new());
        let mut of_span = false;
        for line in self.text().lines() {
            if line.starts_with("Resource") && line.contains(" #") {
                of_span = false;
            } else if line.starts_with("Span #") {
                of_span = true;
                spans.push(Span { service: service.clone(), ..Span::default() });
            } else if let Some((key, value)) = attribute(line) {
                match spans.last_mut().filter(|_| of_span) {
                    Some(span) => drop(span.about.insert(key, value)),
                    None if key == "service.name" => service = value,
                    None => {}
                }
            } else if let Some(span) = spans.last_mut().filter(|_| of_span)
                && let Some((key, value)) = line.split_once(':')
                && !line.contains("->")
            {
                let value = value.trim().to_owned();
                match key.trim() {
                    "Trace ID" => span.trace = value,
                    "Parent ID" => span.parent = value,
                    "ID" => span.id = value,
                    "Name" => span.name = value,
                    "Kind" => span.kind = value,
                    _ => {}
                }
            }
        }
        spans
    }

    /// The lines of logs that it received, each with all that was told of it.
    pub(super) fn lines(&self) -> Vec<String> {
        let text = self.text();
        let records = text.split("LogRecord #").skip(1);
        records
            .map(|record| record.split("Resource").next().unwrap_or_default().to_owned())
            .collect()
    }

    /// The metrics of which it was not told what they are and in what they are counted.
    pub(super) fn unexplained(&self) -> Vec<String> {
        let text = self.text();
        let explains = |metric: &&str| {
            let told = |key: &str| {
                let line = metric.lines().find_map(|line| line.trim().strip_prefix(key));
                line.is_some_and(|value| !value.trim().is_empty())
            };
            told("-> Description:") && told("-> Unit:")
        };
        let metrics = text.split("Descriptor:").skip(1).filter(|metric| !explains(metric));
        let names = metrics.filter_map(|metric| metric.lines().nth(1));
        names.map(ToOwned::to_owned).collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// The names of the metrics it received.
    pub(super) fn metrics(&self) -> BTreeSet<String> {
        let text = self.text();
        let names = text.lines().filter_map(|line| line.trim().strip_prefix("-> Name:"));
        names.map(|name| name.trim().to_owned()).collect()
    }
}

impl Drop for Collector {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// `-> key: Str(value)`.
fn attribute(line: &str) -> Option<(String, String)> {
    let (key, value) = line.trim().strip_prefix("-> ")?.split_once(": ")?;
    let (_, value) = value.strip_suffix(')')?.split_once('(')?;
    Some((key.to_owned(), value.to_owned()))
}

/// The program within the Python package `rotel`.
fn agent() -> PathBuf {
    let find = "import pathlib, rotel; print(pathlib.Path(rotel.__file__).parent / 'rotel-agent')";
    let found = Command::new(interpreter()).args(["-c", find]).output().unwrap();
    assert!(found.status.success(), "{}", String::from_utf8_lossy(&found.stderr));
    String::from_utf8(found.stdout).unwrap().trim().into()
}
