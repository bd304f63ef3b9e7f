//! Whoever is outside: a client in another language, made from the published
//! contracts alone, does the whole job (`tests/python/journey.py`), a consumer
//! reads the events, and another system follows its agency's dossiers.

mod contracts;
mod events;
mod system;

use std::{path::PathBuf, process::Stdio};

use motcua_tests::sandbox::{Sandbox, Topology};
use tokio::process::Command;

#[tokio::test(flavor = "multi_thread")]
async fn a_client_in_python_does_the_whole_journey() {
    let sandbox = Sandbox::start(Topology::OneProcess).await.unwrap();
    let address = sandbox.address("motcua");
    let administrator = sandbox.administrator();
    let output = python("tests/python/journey.py")
        .args(["--address", address.trim_start_matches("http://")])
        .arg("--proto")
        .arg(root().join("proto"))
        .args(["--administrator", &administrator.username])
        .env("MOTCUA_ADMIN_PASSWORD", &administrator.password)
        .output()
        .await
        .unwrap();
    let (out, err) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && out.starts_with("closed H53."), "{out}\n{err}");
}

/// A script of the repository, to be run.
fn python(script: &str) -> Command {
    let mut command = Command::new(interpreter());
    command
        .arg(root().join(script))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .stdin(Stdio::null())
        .kill_on_drop(true);
    command
}

/// Where scripts/test put the packages of `tests/requirements.txt`.
fn interpreter() -> PathBuf {
    std::env::var_os("MOTCUA_TEST_PYTHON").map_or_else(|| "python3".into(), PathBuf::from)
}

fn root() -> PathBuf {
    // The repository may have moved since the test was built.
    let tests = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let tests = tests.unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    tests.parent().unwrap().to_owned()
}
