//! The binary as an operator calls it: what each command says, and how it ends.

#![cfg(test)]

mod compose;
mod demo;
mod doctor;
mod events;
mod files;
mod import;
mod probe;
mod providers;
mod sandbox;
mod settings;
mod tls;

use std::{
    io::Write,
    path::Path,
    process::{Command, Output, Stdio},
};

/// What a command said, and whether it ended well.
struct Answer {
    well: bool,
    out: String,
    err: String,
}

/// Calls the binary with a data folder.
fn motcua(data: &Path, arguments: &[&str]) -> Answer {
    said_to(data, arguments, "")
}

/// The same, with words for its standard input.
fn said_to(data: &Path, arguments: &[&str], input: &str) -> Answer {
    let mut command = binary();
    command.args(["--set", &format!("server.data={}", data.display())]).args(arguments);
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    answer(&child.wait_with_output().unwrap())
}

fn binary() -> Command {
    // A command that would go on for ever is a failure, and ends.
    let mut command = Command::new("timeout");
    command.args(["--kill-after=5", "120", env!("CARGO_BIN_EXE_motcua")]);
    command
}

fn answer(output: &Output) -> Answer {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    Answer { well: output.status.success(), out: text(&output.stdout), err: text(&output.stderr) }
}

impl Answer {
    /// What it said where it ended badly, on one line.
    fn refusal(&self) -> &str {
        assert!(!self.well, "it ended well: {}", self.out);
        assert!(self.err.starts_with("motcua: ") && self.err.lines().count() == 1, "{}", self.err);
        &self.err
    }

    /// What it said where it ended well.
    fn good(&self) -> &str {
        assert!(self.well, "{}{}", self.err, self.out);
        &self.out
    }
}
