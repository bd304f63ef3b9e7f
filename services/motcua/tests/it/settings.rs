//! `config print`, `check`, `schema`, and what is refused at the start.

use std::process::Stdio;

use crate::{binary, motcua};

#[test]
fn secrets_are_not_printed() {
    let dir = tempfile::tempdir().unwrap();
    let url = "store.url=postgres://{service}:geheim@db/motcua";
    let answer = motcua(dir.path(), &["--set", url, "config", "print"]);
    assert!(answer.good().contains("@db/motcua") && !answer.out.contains("geheim"));
}

#[test]
fn every_wrong_setting_is_told_with_the_way_out() {
    let dir = tempfile::tempdir().unwrap();
    let unsafe_ones = ["--set", "server.mode=production", "--set", "notification.spool_dir=spool"];
    let answer = motcua(dir.path(), &[&["config", "check"][..], &unsafe_ones].concat());
    assert!(!answer.well);
    for key in ["files.scan: ", "keys.generate: ", "store.url: ", "notification.spool_dir: "] {
        assert!(answer.err.contains(key), "{key} of {}", answer.err);
    }
    let typo = motcua(dir.path(), &["config", "check", "--set", "intake.max_paperz=3"]);
    assert!(typo.refusal().contains("did you mean max_papers"), "{}", typo.err);
}

#[test]
fn proxies_are_networks_however_they_are_given() {
    let dir = tempfile::tempdir().unwrap();
    let proxies = |list: &str| {
        let set = format!("server.trusted_proxies={list}");
        motcua(dir.path(), &["--set", &set, "config", "check"])
    };
    assert!(proxies(r#"["10.42.0.0/16", "fd00::1"]"#).well);
    let wrong = proxies(r#"["10.42.0/16"]"#);
    assert!(!wrong.well && wrong.err.contains("10.42.0/16 is no network"), "{}", wrong.err);
    let mut by_variable = binary();
    by_variable.env("MOTCUA__SERVER__TRUSTED_PROXIES", r#"["10.42.0.0/16"]"#);
    let shown = by_variable.current_dir(dir.path()).args(["config", "print"]).output().unwrap();
    let shown = String::from_utf8(shown.stdout).unwrap();
    assert!(shown.contains("trusted_proxies = [\"10.42.0.0/16\"]"), "{shown}");
}

#[test]
fn the_schema_may_be_read_in_part() {
    let mut child = binary().args(["config", "schema"]).stdout(Stdio::piped()).spawn().unwrap();
    // Whoever reads goes away before the first line.
    drop(child.stdout.take());
    assert!(child.wait().unwrap().success());
}

#[test]
fn the_clock_is_shifted_in_tests_alone() {
    let dir = tempfile::tempdir().unwrap();
    let answer = motcua(dir.path(), &["serve", "--test-clock", "2027-02-01T08:00:00+07:00"]);
    assert!(answer.refusal().contains("only where server.mode is test"), "{}", answer.err);
    let not_an_instant = motcua(dir.path(), &["serve", "--test-clock", "Tết"]);
    assert!(!not_an_instant.well && not_an_instant.err.contains("Tết"), "{}", not_an_instant.err);
}

#[test]
fn a_part_of_the_services_is_not_served_from_files() {
    let dir = tempfile::tempdir().unwrap();
    let answer = motcua(dir.path(), &["serve", "--only", "intake"]);
    assert!(!answer.well);
    for key in ["bus.url: ", "store.url: ", "peers.identity: "] {
        assert!(answer.err.contains(key), "{key} of {}", answer.err);
    }
    let unknown = motcua(dir.path(), &["serve", "--only", "intaek"]);
    assert!(unknown.refusal().contains("identity, catalog, intake"), "{}", unknown.err);
}

#[test]
fn a_port_that_is_taken_is_told_with_the_way_out() {
    let dir = tempfile::tempdir().unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    let set = format!("server.grpc={address}");
    let answer = motcua(dir.path(), &["serve", "--set", &set]);
    let told = answer.refusal();
    assert!(told.contains(&format!("server.grpc: {address}")), "{told}");
    assert!(told.contains("choose another port"), "{told}");
}
