//! The program of `scripts/up`.

use std::process::ExitCode;

use clap::Parser;
use motcua_tests::up::{Options, run};

// On one thread: the kernel ends what was started with the thread that started it.
#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run(Options::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("up: {error:#}");
            ExitCode::FAILURE
        }
    }
}
