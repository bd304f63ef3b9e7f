//! `probe`: how the process is that serves here.

use std::{
    net::TcpListener,
    time::{Duration, Instant},
};

use crate::{binary, motcua};

#[test]
fn a_process_is_asked_where_it_serves() {
    let dir = tempfile::tempdir().unwrap();
    let http = TcpListener::bind("0.0.0.0:0").unwrap();
    let http_set = format!("server.http={}", http.local_addr().unwrap());
    let probe = |question| motcua(dir.path(), &["--set", &http_set, "probe", question]);
    drop(http);
    assert!(probe("live").refusal().contains("nobody answers on 0.0.0.0:"));

    let data = format!("server.data={}", dir.path().display());
    let mut serve = binary();
    serve.args(["--set", &data, "--set", "server.grpc=127.0.0.1:0", "--set", &http_set, "serve"]);
    let mut process = serve.spawn().unwrap();
    let until = Instant::now() + Duration::from_mins(1);
    while !probe("ready").well && Instant::now() < until {}
    assert!(probe("ready").good().contains(r#""ready":true"#));
    assert_eq!(probe("startup").good(), "startup\n");
    assert_eq!(probe("live").good(), "live\n");
    process.kill().unwrap();
    process.wait().unwrap();
}
