//! `probe`: how the process is that serves here.

use std::{
    net::TcpListener,
    process::{Child, Command},
    time::{Duration, Instant},
};

use crate::motcua;

#[test]
fn a_process_is_asked_where_it_serves() {
    let dir = tempfile::tempdir().unwrap();
    let http = listener();
    let http_set = format!("server.http={}", http.local_addr().unwrap());
    let probe = |question| motcua(dir.path(), &["--set", &http_set, "probe", question]);
    drop(http);
    assert!(probe("live").refusal().contains("nobody answers on 0.0.0.0:"));

    let data = format!("server.data={}", dir.path().display());
    let mut serve = Command::new(env!("CARGO_BIN_EXE_motcua"));
    serve.args(["--set", &data, "--set", "server.grpc=127.0.0.1:0", "--set", &http_set, "serve"]);
    let _process = Killed(serve.spawn().unwrap());
    let until = Instant::now() + Duration::from_mins(1);
    while !probe("ready").well && Instant::now() < until {}
    assert!(probe("ready").good().contains(r#""ready":true"#));
    assert_eq!(probe("startup").good(), "startup\n");
    assert_eq!(probe("live").good(), "live\n");
}

/// On a port that no connection is given by the kernel (32768 and above).
fn listener() -> TcpListener {
    let first = 10_000 + std::process::id() % 20_000;
    let mut ports = (first..first + 2_000).filter_map(|port| u16::try_from(port).ok());
    ports.find_map(|port| TcpListener::bind(("0.0.0.0", port)).ok()).unwrap()
}

/// A process that does not outlive its test.
struct Killed(Child);

impl Drop for Killed {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
