//! Prometheus itself, run as a process: it reads `/metrics`, the rules, and the dashboard's queries.

use std::{
    fs::File,
    net::SocketAddr,
    path::Path,
    process::{Child, Command, Stdio},
};

use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use super::{files, free_port, until};

/// The running server; dropping it ends it.
pub(super) struct Prometheus {
    child: Child,
    port: u16,
}

impl Prometheus {
    /// Starts one that asks these every second.
    pub(super) async fn start(folder: &Path, asked: &[SocketAddr]) -> Self {
        let port = free_port();
        let targets: Vec<_> = asked.iter().map(ToString::to_string).collect();
        // JSON is YAML.
        let config = json!({
            "global": { "scrape_interval": "1s", "evaluation_interval": "1s" },
            "rule_files": ["rules.yaml"],
            "scrape_configs": [{
                "job_name": "motcua/motcua",
                "static_configs": [{ "targets": targets }],
            }],
        });
        std::fs::write(folder.join("prometheus.yaml"), config.to_string()).unwrap();
        std::fs::write(folder.join("rules.yaml"), files::rules().to_string()).unwrap();
        let log = File::create(folder.join("prometheus.log")).unwrap();
        let child = Command::new("prometheus")
            .arg(format!("--config.file={}", folder.join("prometheus.yaml").display()))
            .arg(format!("--storage.tsdb.path={}", folder.join("prometheus").display()))
            .arg(format!("--web.listen-address=127.0.0.1:{port}"))
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .expect("Debian's package prometheus");
        let prometheus = Self { child, port };
        until("Prometheus answers", async || prometheus.get("/api/v1/query?query=1").await).await;
        prometheus
    }

    /// What a query finds; refused queries find nothing.
    pub(super) async fn query(&self, query: &str) -> Vec<Value> {
        let path = format!("/api/v1/query?query={}", escaped(query));
        let found = self.get(&path).await.unwrap_or_else(|| panic!("refused: {query}"));
        found["data"]["result"].as_array().cloned().unwrap_or_default()
    }

    /// Every metric's name.
    pub(super) async fn names(&self) -> Vec<String> {
        let found = self.get("/api/v1/label/__name__/values").await.unwrap();
        serde_json::from_value(found["data"].clone()).unwrap()
    }

    /// The rules, as Prometheus sees them.
    pub(super) async fn rules(&self) -> Vec<Value> {
        let found = self.get("/api/v1/rules").await.unwrap();
        found["data"]["groups"][0]["rules"].as_array().cloned().unwrap_or_default()
    }

    async fn get(&self, path: &str) -> Option<Value> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).await.ok()?;
        let ask = format!("GET {path} HTTP/1.0\r\nhost: test\r\n\r\n");
        stream.write_all(ask.as_bytes()).await.ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.ok()?;
        let (_, body) = answer.split_once("\r\n\r\n")?;
        let body: Value = serde_json::from_str(body).ok()?;
        (body["status"] == "success").then_some(body)
    }
}

impl Drop for Prometheus {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn escaped(text: &str) -> String {
    let letter = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    };
    text.bytes().map(letter).collect()
}
