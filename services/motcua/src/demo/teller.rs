//! What is shown of the story: lines for people, or JSON lines for programs.

use std::path::Path;

use serde_json::{Value, json};

use super::{cast::Administrator, story::Ending};

/// Shows each step as it happens.
#[derive(Debug)]
pub struct Teller {
    json: bool,
    silent: bool,
    steps: usize,
}

/// One step of the story.
#[derive(Debug, Clone)]
pub struct Step<'a> {
    /// `citizen`, `desk officer`, …
    pub role: &'a str,
    /// The person's name.
    pub who: &'a str,
    /// The RPC: `SubmitDossier`.
    pub verb: &'a str,
    /// What happened, in Vietnamese.
    pub what: String,
    /// What is worth seeing of it, a line each.
    pub details: Vec<String>,
}

#[expect(clippy::print_stdout, reason = "showing it is what it is for")]
impl Teller {
    /// Shows on standard output, as text or as JSON lines.
    pub fn new(json: bool) -> Self {
        Self { json, silent: false, steps: 0 }
    }

    /// Shows nothing: for tests.
    pub fn silent() -> Self {
        Self { json: false, silent: true, steps: 0 }
    }

    /// How many steps were told.
    pub fn steps(&self) -> usize {
        self.steps
    }

    pub(super) fn begin(&self, grpc: &str, http: &str) {
        if self.json {
            self.line(&json!({"event": "started", "grpc": grpc, "http": http}));
        } else {
            println!("motcua: năm dịch vụ đang chạy trong một tiến trình");
            println!("  gRPC {grpc}   HTTP {http}/healthz/ready");
            println!("  Bản trình diễn không quét vi-rút: giấy tờ mang trạng thái «chưa quét».\n");
        }
    }

    /// Shows a step.
    pub fn step(&mut self, step: &Step<'_>) {
        self.steps += 1;
        if self.json {
            return self.line(&json!({
                "event": "step", "step": self.steps, "role": step.role, "who": step.who,
                "rpc": step.verb, "what": step.what, "details": step.details,
            }));
        }
        if self.silent {
            return;
        }
        println!("{:>2}. [{} · {}] {}: {}", self.steps, step.role, step.verb, step.who, step.what);
        for detail in &step.details {
            println!("      {detail}");
        }
    }

    pub(super) fn end(&self, data: &Path, ending: &Ending, administrator: &Administrator) {
        if self.json {
            return self.line(&json!({
                "event": "ended", "dossier": ending.dossier, "code": ending.code,
                "state": ending.state, "timeline": ending.timeline,
                "messages": ending.messages, "sign_in": people(ending, administrator),
            }));
        }
        println!("\nDòng thời gian của hồ sơ {} ({}):", ending.code, ending.state);
        for line in &ending.timeline {
            println!("  {line}");
        }
        println!("\nTin đã gửi đến người nộp:");
        for message in &ending.messages {
            println!("  · {message}");
        }
        println!("\nĐi tiếp:");
        println!("  motcua serve --set server.data={}", data.display());
        println!("  (gRPC 127.0.0.1:50051, HTTP 127.0.0.1:8080/healthz/ready)");
        println!("\nTài khoản của bản trình diễn (mật khẩu chỉ hiện một lần):");
        println!("  {:<16} {:<18} quản trị", administrator.username, administrator.password);
        for person in &ending.people {
            println!("  {:<16} {:<18} {}", person.login, person.password, person.name);
        }
    }

    pub(super) fn fail(&self, error: &anyhow::Error) {
        if self.json {
            self.line(
                &json!({"event": "failed", "step": self.steps + 1, "error": format!("{error:#}")}),
            );
        }
        eprintln!("motcua: bước {} không thành công: {error:#}", self.steps + 1);
    }

    fn line(&self, value: &Value) {
        if !self.silent {
            println!("{value}");
        }
    }
}

fn people(ending: &Ending, administrator: &Administrator) -> Vec<Value> {
    let person = |login: &str, password: &str, name: &str| json!({"login": login, "password": password, "name": name});
    std::iter::once(person(&administrator.username, &administrator.password, &administrator.name))
        .chain(ending.people.iter().map(|p| person(&p.login, &p.password, &p.name)))
        .collect()
}
