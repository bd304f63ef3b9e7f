//! `doctor`: one line for each thing, with what to do; nothing is made.

use std::{fs, net::TcpListener, os::unix::fs::PermissionsExt, path::Path, time::Instant};

use crate::{Answer, motcua};

/// Ports that are free now, so that a system running beside the tests is not met.
fn doctor(data: &Path, more: &[&str]) -> Answer {
    let (grpc, http) =
        (TcpListener::bind("127.0.0.1:0").unwrap(), TcpListener::bind("127.0.0.1:0").unwrap());
    let grpc_set = format!("server.grpc={}", grpc.local_addr().unwrap());
    let http_set = format!("server.http={}", http.local_addr().unwrap());
    drop((grpc, http));
    let ports = ["--set", &grpc_set, "--set", &http_set, "doctor"];
    motcua(data, &[&ports[..], more].concat())
}

/// The line about one thing.
fn line<'a>(answer: &'a Answer, what: &str) -> &'a str {
    let about = |line: &&str| line[7..].split(':').next() == Some(what);
    answer.out.lines().find(about).unwrap_or_else(|| panic!("no {what} in {}", answer.out))
}

#[test]
fn an_empty_machine_is_well_and_stays_empty() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let answer = doctor(&data, &[]);
    assert!(answer.good().lines().all(|line| line.starts_with("ok     ")), "{}", answer.out);
    assert!(line(&answer, "store.intake").contains("made at the first start"), "{}", answer.out);
    assert!(!data.exists(), "an examination made something");
}

#[test]
fn keys_are_examined_one_by_one() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path();
    assert!(motcua(data, &["migrate"]).well);
    assert!(doctor(data, &[]).well);

    let keys = data.join("keys");
    let key = keys.join("intake.key");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).unwrap();
    let open = doctor(data, &[]);
    assert!(!open.well && line(&open, "keys.intake").contains("chmod 600"), "{}", open.out);
    assert!(line(&open, "keys.workflow").starts_with("ok "), "{}", open.out);
    let served = motcua(data, &["serve", "--set", "server.grpc=127.0.0.1:0"]);
    assert!(served.refusal().contains("chmod 600"), "{}", served.err);

    fs::write(&key, "no key").unwrap();
    fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).unwrap();
    assert!(line(&doctor(data, &[]), "keys.intake").contains("is not a key"));
    fs::remove_file(keys.join("workflow.keyring")).unwrap();
    let lost = doctor(data, &[]);
    assert!(line(&lost, "keys.workflow").contains("put back the copy"), "{}", lost.out);
    assert!(!keys.join("workflow.keyring").exists(), "an examination made a key");
}

#[test]
fn what_is_away_is_named_with_its_address_and_soon() {
    let dir = tempfile::tempdir().unwrap();
    let begun = Instant::now();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let taken_by_another = format!("server.http={}", taken.local_addr().unwrap());
    let more = [
        "--set",
        "store.url=postgres://a:b@127.0.0.1:1/db",
        "--set",
        "bus.url=amqp://a:b@127.0.0.1:1/%2f",
        "--set",
        "cache.url=redis://127.0.0.1:1/0",
        "--set",
        "files.url=file:///proc/motcua/files",
        "--set",
        "files.scan=required",
        "--set",
        "files.clamd=tcp://127.0.0.1:1",
        "--set",
        "identity.oidc.vneid.issuer=http://127.0.0.1:1",
        "--set",
        "identity.oidc.vneid.client_id=motcua",
        "--set",
        "identity.oidc.vneid.audiences=[\"app\"]",
        "--set",
        &taken_by_another,
    ];
    let answer = doctor(dir.path(), &more);
    assert!(!answer.well);
    for (what, words) in [
        ("store.identity", "nobody answers at 127.0.0.1:1"),
        ("store.notification", "is PostgreSQL running"),
        ("bus", "is RabbitMQ running"),
        ("cache", "Redis does not answer"),
        ("files.clamd", "ClamAV's daemon does not answer"),
        ("files.url", "/proc"),
        ("identity.oidc.vneid", "is the issuer right"),
        ("server.http", "is taken by another program"),
    ] {
        let line = line(&answer, what);
        assert!(line.starts_with("WRONG  ") && line.contains(words), "{what}: {line}");
    }
    assert!(begun.elapsed().as_secs() < 20, "it took {:?}", begun.elapsed());
}
