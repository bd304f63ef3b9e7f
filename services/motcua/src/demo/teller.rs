//! What is shown of the story: lines for people, or JSON lines for programs.

use std::{
    fmt::Display,
    io::{self, Write},
    path::Path,
};

use serde_json::{Value, json};

use super::{cast::Administrator, story::Ending, words};

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
            return self.show(json!({"event": "started", "grpc": grpc, "http": http}));
        }
        self.show("motcua: năm dịch vụ đang chạy trong một tiến trình");
        self.show(format_args!("  gRPC {grpc}   HTTP {http}/healthz/ready"));
        self.show("  Bản trình diễn không quét vi-rút: giấy tờ mang trạng thái «chưa quét».\n");
    }

    /// Shows a step.
    pub fn step(&mut self, step: &Step<'_>) {
        self.steps += 1;
        let Step { role, who, verb, what, details } = step;
        if self.json {
            return self.show(json!({
                "event": "step", "step": self.steps, "role": role, "who": who,
                "rpc": verb, "what": what, "details": details,
            }));
        }
        self.show(format_args!("{:>2}. [{role} · {verb}] {who}: {what}", self.steps));
        for detail in details {
            self.show(format_args!("      {detail}"));
        }
    }

    /// `program` is how this one was called.
    pub(super) fn end(
        &self,
        program: &str,
        data: &Path,
        ending: &Ending,
        administrator: &Administrator,
    ) {
        if self.json {
            return self.show(json!({
                "event": "ended", "dossier": ending.dossier, "code": ending.code,
                "state": ending.state.as_str_name(), "timeline": ending.timeline,
                "messages": ending.messages, "spool": ending.spool,
                "sign_in": people(ending, administrator),
            }));
        }
        let state = words::state(ending.state);
        self.show(format_args!("\nDòng thời gian của hồ sơ {} ({state}):", ending.code));
        for line in &ending.timeline {
            self.show(format_args!("  {line}"));
        }
        self.show("\nTrong hộp thư của người nộp:");
        for message in &ending.messages {
            self.show(format_args!("  · {message}"));
        }
        self.show("\nTin nhắn và thư điện tử đã chuyển gửi (chưa nối với nhà cung cấp):");
        for message in &ending.spool {
            self.show(format_args!("  · {message}"));
        }
        self.show("\nĐi tiếp, với dữ liệu của bản trình diễn:");
        self.show(format_args!("  {program} serve --set server.data={}", data.display()));
        self.show("  (gRPC 127.0.0.1:50051, HTTP 127.0.0.1:8080/healthz/ready)");
        self.show("\nTài khoản của bản trình diễn (mật khẩu chỉ hiện một lần):");
        let account = |login: &str, password: &str, who: &str| {
            self.show(format_args!("  {login:<16} {password:<18} {who}"));
        };
        account(&administrator.username, &administrator.password, &administrator.name);
        for person in &ending.people {
            account(&person.login, &person.password, &person.name);
        }
    }

    pub(super) fn fail(&self, error: &anyhow::Error) {
        if self.json {
            let step = self.steps + 1;
            self.show(json!({"event": "failed", "step": step, "error": format!("{error:#}")}));
        }
        eprintln!("motcua: bước {} không thành công: {error:#}", self.steps + 1);
    }

    fn show(&self, line: impl Display) {
        if !self.silent {
            // Whoever reads may have enough of it; the story goes on.
            drop(writeln!(io::stdout().lock(), "{line}"));
        }
    }
}

fn people(ending: &Ending, administrator: &Administrator) -> Vec<Value> {
    let person = |login: &str, password: &str, name: &str| json!({"login": login, "password": password, "name": name});
    std::iter::once(person(&administrator.username, &administrator.password, &administrator.name))
        .chain(ending.people.iter().map(|p| person(&p.login, &p.password, &p.name)))
        .collect()
}
