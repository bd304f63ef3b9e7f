//! Programs of others that play the other side of a channel; see the scripts themselves.

use std::{
    ffi::OsStr,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines},
    process::{Child, ChildStdin, ChildStdout, Command},
};

use crate::scripts::{python, root, script_of};

/// After which one that has said all it has to say is taken to be quiet.
const QUIET: Duration = Duration::from_millis(500);
/// Far beyond what anything here takes.
const PATIENCE: Duration = Duration::from_secs(30);

/// A program, what it says and what it is told.
pub struct Counterpart {
    /// Killed with this.
    _child: Child,
    told: ChildStdin,
    said: Lines<BufReader<ChildStdout>>,
    /// Where it is.
    pub port: u16,
}

impl Counterpart {
    /// A centre of short messages; port 0: any free one.
    pub async fn centre(port: u16) -> Self {
        let mut command = carriers("smsc.mjs");
        command.args([&port.to_string(), "secret"]);
        Self::start(command).await
    }

    /// A mail server.
    pub async fn mailbox(options: &[&str]) -> Self {
        Self::python("mailbox.py", options).await
    }

    /// A mailbox where letters come back, kept in this folder.
    pub async fn returns(dir: &Path, options: &[&str]) -> Self {
        let dir = dir.to_str().unwrap();
        Self::python("returns.py", &[&["--dir", dir], options].concat()).await
    }

    /// An organisation's own system.
    pub async fn receiver() -> Self {
        Self::start(carriers("receiver.mjs")).await
    }

    /// Gateways over HTTP, which know us by the password `secret`.
    pub async fn gateways() -> Self {
        Self::python("gateways.py", &["secret"]).await
    }

    async fn python(script: &str, options: &[&str]) -> Self {
        let mut command = Command::new(python());
        command.arg(script_of("python", script)).args(options);
        Self::start(command).await
    }

    async fn start(mut command: Command) -> Self {
        command
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // What it complains of is what it is asked to do.
            .stderr(Stdio::null())
            .kill_on_drop(true);
        let mut child = command.spawn().expect("a counterpart is missing: run scripts/test");
        let told = child.stdin.take().unwrap();
        let said = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut own = Self { _child: child, told, said, port: 0 };
        let port = own.says("ready").await["ready"].as_u64().unwrap();
        own.port = port.try_into().unwrap();
        own
    }

    /// Tells it what to do next.
    pub async fn told(&mut self, line: &str) {
        self.told.write_all(format!("{line}\n").as_bytes()).await.unwrap();
        self.told.flush().await.unwrap();
        // It reads when it comes to it.
        tokio::time::sleep(Duration::from_millis(50)).await;
    }

    /// The next it says with this key; what it says before is passed over.
    pub async fn says(&mut self, key: &str) -> Value {
        let said = async {
            loop {
                let line = self.said.next_line().await.unwrap();
                let line =
                    line.expect("the counterpart ended: run scripts/test, which installs it");
                let said: Value = serde_json::from_str(&line).unwrap();
                if said.get(key).is_some() {
                    return said;
                }
            }
        };
        let heard = tokio::time::timeout(PATIENCE, said).await;
        heard.unwrap_or_else(|_| panic!("the counterpart never said {key}"))
    }
}

impl Counterpart {
    /// Everything with this key that it has said by now; what it says besides is passed over.
    pub async fn heard(&mut self, key: &str) -> Vec<Value> {
        let mut heard = Vec::new();
        while let Ok(line) = tokio::time::timeout(QUIET, self.said.next_line()).await {
            let line = line.unwrap().expect("the counterpart ended");
            let said: Value = serde_json::from_str(&line).unwrap();
            if said.get(key).is_some() {
                heard.push(said);
            }
        }
        heard
    }
}

/// A script beside the packages it needs.
pub fn carriers(script: impl AsRef<OsStr> + AsRef<Path>) -> Command {
    let packages = std::env::var_os("MOTCUA_TEST_NODE").map(PathBuf::from);
    let packages = packages.unwrap_or_else(|| root().join("target/node"));
    let mut command = Command::new("node");
    command.arg(script_of("node", script)).arg(packages);
    command
}
