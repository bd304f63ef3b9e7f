//! A client in another language, made from the published contracts alone, does
//! the whole job: `tests/python/journey.py`.

use std::{path::PathBuf, process::Stdio};

use motcua_tests::sandbox::{Sandbox, Topology};

#[tokio::test(flavor = "multi_thread")]
async fn a_client_in_python_does_the_whole_journey() {
    let sandbox = Sandbox::start(Topology::OneProcess).await.unwrap();
    let address = sandbox.address("motcua");
    let administrator = sandbox.administrator();
    let output = tokio::process::Command::new(interpreter())
        .arg(root().join("tests/python/journey.py"))
        .args(["--address", address.trim_start_matches("http://")])
        .arg("--proto")
        .arg(root().join("proto"))
        .args(["--administrator", &administrator.username])
        .env("MOTCUA_ADMIN_PASSWORD", &administrator.password)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output()
        .await
        .unwrap();
    let (out, err) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && out.starts_with("closed H53."), "{out}\n{err}");
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
