//! `tls init`, `tls renew`, and what `doctor` says of certificates.

use std::{fs, os::unix::fs::PermissionsExt, path::Path};

use crate::{Answer, motcua};

/// Makes certificates below a data folder; answers what was said.
fn init(data: &Path, more: &[&str]) -> Answer {
    let dir = data.join("tls");
    motcua(data, &[&["tls", "init", dir.to_str().unwrap()], more].concat())
}

fn renew(data: &Path, more: &[&str]) -> Answer {
    let dir = data.join("tls");
    motcua(data, &[&["tls", "renew", dir.to_str().unwrap()], more].concat())
}

/// What `doctor` says of the certificate of `intake`.
fn of_intake(data: &Path) -> String {
    let answer = motcua(data, &["--set", "tls.dir={data}/tls", "doctor"]);
    let about = |line: &&str| line.contains("tls.intake");
    answer.out.lines().find(about).unwrap_or_else(|| panic!("{}", answer.out)).to_owned()
}

#[test]
fn certificates_are_made_once_and_renewed_with_their_keys() {
    let dir = tempfile::tempdir().unwrap();
    let (data, file) = (dir.path(), |name: &str| dir.path().join("tls").join(name));
    init(data, &[]).good();
    for name in ["ca.key", "intake.key"] {
        assert_eq!(fs::metadata(file(name)).unwrap().permissions().mode() & 0o777, 0o600, "{name}");
    }
    assert!(of_intake(data).starts_with("ok     tls.intake: good until "), "{}", of_intake(data));

    let before: Vec<_> =
        ["ca.crt", "intake.key", "intake.crt"].map(|n| fs::read(file(n)).unwrap()).into();
    let again = init(data, &["--services", "gateway,intake"]);
    assert!(again.refusal().contains("is there already"), "{}", again.err);
    assert!(!file("gateway.crt").exists(), "it stopped half way");
    assert!(init(data, &["--once"]).good().contains("already"));
    renew(data, &[]).good();
    let after: Vec<_> =
        ["ca.crt", "intake.key", "intake.crt"].map(|n| fs::read(file(n)).unwrap()).into();
    assert_eq!(before[..2], after[..2], "the authority and the key stay");
    assert_ne!(before[2], after[2]);
    assert!(of_intake(data).starts_with("ok     tls.intake: good until "), "{}", of_intake(data));
    let longer = renew(data, &["--services", "nobody"]);
    assert!(longer.refusal().contains("nobody.key"), "{}", longer.err);
}

#[test]
fn doctor_says_what_is_wrong_with_a_certificate() {
    let dir = tempfile::tempdir().unwrap();
    let (data, file) = (dir.path(), |name: &str| dir.path().join("tls").join(name));
    assert!(of_intake(data).contains("ca.crt: No such file"), "{}", of_intake(data));
    init(data, &["--days", "6"]).good();
    assert!(of_intake(data).contains("ends soon"), "{}", of_intake(data));
    renew(data, &["--days", "30"]).good();
    assert!(of_intake(data).starts_with("ok "), "{}", of_intake(data));

    let key = fs::read(file("intake.key")).unwrap();
    fs::copy(file("catalog.key"), file("intake.key")).unwrap();
    assert!(of_intake(data).contains("the key beside it is another one's"), "{}", of_intake(data));
    fs::copy(file("catalog.crt"), file("intake.crt")).unwrap();
    assert!(of_intake(data).contains("does not name intake, but catalog"), "{}", of_intake(data));
    fs::write(file("intake.key"), key).unwrap();
    fs::set_permissions(file("intake.key"), fs::Permissions::from_mode(0o644)).unwrap();
    assert!(of_intake(data).contains("chmod 600"), "{}", of_intake(data));
    let serve = ["--set", "tls.dir={data}/tls", "--set", "server.grpc=127.0.0.1:0", "serve"];
    let served = motcua(data, &serve);
    assert!(served.refusal().contains("chmod 600"), "{}", served.err);
}

#[test]
fn no_host_makes_one_service_speak_for_another() {
    let dir = tempfile::tempdir().unwrap();
    let answer = init(dir.path(), &["--host", "intake"]);
    assert!(answer.refusal().contains("is a service"), "{}", answer.err);
    let odd = init(dir.path(), &["--services", "../intake"]);
    assert!(odd.refusal().contains("small letters"), "{}", odd.err);
    assert!(!dir.path().join("tls").exists());
    init(dir.path(), &["--host", "motcua-{service}.motcua.svc"]).good();
}
