//! `servers -- COMMAND…` runs a command beside private PostgreSQL, Redis,
//! RabbitMQ and ClamAV; `servers tests` runs all tests so, and counts them.

use std::{
    env,
    io::{self, Write},
    process::ExitCode,
    time::Instant,
};

use anyhow::Result;
use motcua_tests::{
    keeper::{KEEP, Keeper, keep},
    runner::{self, BACKENDS, Outcome},
};

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments[..] {
        [KEEP] => keep().map(|()| ExitCode::SUCCESS),
        ["tests"] => with_servers(|keeper| {
            runner::run(keeper.variables()).and_then(|outcome| report(&outcome))
        }),
        ["--", program, ref arguments @ ..] => with_servers(|keeper| {
            let mut command = runner::bound(program, arguments);
            let status = command.envs(keeper.variables().iter().cloned()).status()?;
            Ok(if status.success() { ExitCode::SUCCESS } else { exit_code(status.code()) })
        }),
        _ => Err(anyhow::anyhow!("usage: servers tests | servers -- COMMAND…")),
    };
    done.unwrap_or_else(|error| {
        eprintln!("servers: {error:#}");
        ExitCode::FAILURE
    })
}

fn with_servers(work: impl FnOnce(&Keeper) -> Result<ExitCode>) -> Result<ExitCode> {
    let begun = Instant::now();
    let keeper = Keeper::launch()?;
    for (name, value) in keeper.variables() {
        eprintln!("   {name}={value}");
    }
    eprintln!("   servers ready after {:.1} s", begun.elapsed().as_secs_f32());
    let code = work(&keeper);
    keeper.stop()?;
    code
}

fn exit_code(code: Option<i32>) -> ExitCode {
    code.and_then(|code| u8::try_from(code).ok()).map_or(ExitCode::FAILURE, ExitCode::from)
}

/// Prints the counts; the last line is one that other programs can read.
fn report(outcome: &Outcome) -> Result<ExitCode> {
    let mut output = io::stdout();
    writeln!(output, "\ntests by backend")?;
    for backend in BACKENDS {
        writeln!(output, "{:>7}  {backend}", outcome.count(backend))?;
    }
    let untested = outcome.untested();
    if !untested.is_empty() {
        writeln!(output, "no test ran on: {}", untested.join(", "))?;
    }
    for name in &outcome.unsteady {
        writeln!(output, "passed only when run again: {name}")?;
    }
    writeln!(output, "tests: {} passed, {} failed", outcome.passed.len(), outcome.failed.len())?;
    let good = outcome.success && untested.is_empty() && outcome.failed.is_empty();
    Ok(if good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
