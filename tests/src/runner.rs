//! Runs all tests and counts those that used an external backend.
//!
//! A test that needs one says so in its path: one of the words below is a part
//! of its module's or its own name, as in `contract::postgres::once` or
//! `the_journey_over_processes`. A run in which a word counts zero has not
//! tested that backend, and fails.

use std::{
    fs,
    io::{self, BufRead, BufReader, Write},
    path::Path,
    process::{Command, Stdio},
};

use anyhow::{Context, Result};

/// The words, in the order of the printed table.
pub const BACKENDS: [&str; 7] =
    ["postgres", "rabbitmq", "redis", "clamav", "processes", "python", "oidc"];

/// Where `.config/nextest.toml` puts the report, seen from the repository's root.
const REPORT: &str = "target/nextest/all/junit.xml";

/// What one run did.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Names of the tests that passed.
    pub passed: Vec<String>,
    /// Of those, which passed only when they were run again.
    pub unsteady: Vec<String>,
    /// Names of the tests that failed.
    pub failed: Vec<String>,
    /// Whether the runner itself was content.
    pub success: bool,
}

impl Outcome {
    /// How many passed tests have `backend` as a word of their name.
    pub fn count(&self, backend: &str) -> usize {
        let words = |name: &str| name.split(|c: char| !c.is_alphanumeric()).any(|w| w == backend);
        self.passed.iter().filter(|name| words(name)).count()
    }

    /// The backends that no test used.
    pub fn untested(&self) -> Vec<&'static str> {
        BACKENDS.into_iter().filter(|backend| self.count(backend) == 0).collect()
    }
}

/// Runs the tests of the whole workspace with cargo-nextest where present and
/// `cargo test` where not, in the current folder.
///
/// # Errors
/// The runner could not be started, or left no report.
pub fn run(variables: &[(String, String)]) -> Result<Outcome> {
    let has_nextest = Command::new("cargo")
        .args(["nextest", "--version"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()?
        .success();
    if has_nextest { with_nextest(variables) } else { with_cargo_test(variables) }
}

fn with_nextest(variables: &[(String, String)]) -> Result<Outcome> {
    let report = Path::new(REPORT);
    if report.exists() {
        fs::remove_file(report)?;
    }
    let arguments = ["nextest", "run", "--workspace", "--profile", "all"];
    let status = bound("cargo", &arguments).envs(variables.iter().cloned()).status()?;
    let text = fs::read_to_string(report).context("cargo-nextest left no report")?;
    Ok(Outcome { success: status.success(), ..from_junit(&text) })
}

fn with_cargo_test(variables: &[(String, String)]) -> Result<Outcome> {
    let arguments = ["test", "--workspace", "--lib", "--bins", "--tests", "--no-fail-fast"];
    let mut child = bound("cargo", &arguments)
        .envs(variables.iter().cloned())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut outcome = Outcome::default();
    let mut output = io::stdout();
    for line in BufReader::new(child.stdout.take().context("no output")?).lines() {
        let line = line?;
        match from_line(&line) {
            Some((name, true)) => outcome.passed.push(name.to_owned()),
            Some((name, false)) => outcome.failed.push(name.to_owned()),
            None => {}
        }
        writeln!(output, "{line}")?;
    }
    outcome.success = child.wait()?.success();
    Ok(outcome)
}

/// A command that is ended with this process, however this process ends.
pub fn bound(program: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig=TERM", "--", program]).args(arguments);
    command
}

/// A line of `cargo test`: the test's name and whether it passed.
fn from_line(line: &str) -> Option<(&str, bool)> {
    let (name, result) = line.strip_prefix("test ")?.split_once(" ... ")?;
    match result.split([' ', ',']).next()? {
        "ok" => Some((name, true)),
        "FAILED" => Some((name, false)),
        _ => None,
    }
}

/// The cases of a JUnit report. Names of Rust tests need no unescaping.
fn from_junit(text: &str) -> Outcome {
    let mut outcome = Outcome::default();
    for case in text.split("<testcase ").skip(1) {
        let case = case.split("</testcase>").next().unwrap_or_default();
        let Some(name) = case.split_once("name=\"").and_then(|(_, rest)| rest.split_once('"'))
        else {
            continue;
        };
        let failed = case.contains("<failure") || case.contains("<error");
        let names = if failed { &mut outcome.failed } else { &mut outcome.passed };
        names.push(name.0.to_owned());
        if !failed && case.contains("<flakyFailure") {
            outcome.unsteady.push(name.0.to_owned());
        }
    }
    outcome
}

#[cfg(test)]
mod tests;
