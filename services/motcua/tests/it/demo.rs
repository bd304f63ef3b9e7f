//! `demo`: it can be run again, programs can read it, and what it leaves can be served.

use std::{
    fs,
    io::{BufRead, BufReader},
    process::Stdio,
};

use serde_json::Value;

use crate::{Answer, answer, binary, motcua};

fn demo(arguments: &[&str]) -> Answer {
    answer(&binary().arg("demo").args(arguments).output().unwrap())
}

#[test]
fn it_tells_programs_the_same_and_can_be_run_again() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("demo");
    let data = data.to_str().unwrap();
    for _ in 0..2 {
        let shown = demo(&["--json", "--data", data]);
        let lines: Vec<Value> =
            shown.good().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let event = |line: &Value| line["event"].as_str().unwrap().to_owned();
        assert_eq!(event(&lines[0]), "started");
        let steps = lines.iter().filter(|line| event(line) == "step");
        assert!(steps.count() >= 20, "{}", shown.out);
        let ended = lines.last().unwrap();
        assert_eq!(event(ended), "ended");
        assert_eq!(ended["state"], "DOSSIER_STATE_CLOSED");
        for part in ["timeline", "messages", "spool", "sign_in"] {
            assert!(ended[part].as_array().unwrap().len() >= 5, "{part}: {ended}");
        }
    }
    let examined = motcua(data.as_ref(), &["doctor", "--set", "server.grpc=127.0.0.1:0"]);
    let stores = examined.out.lines().filter(|line| line.starts_with("ok     store."));
    assert_eq!(stores.count(), 6, "{}", examined.out);
}

#[test]
fn it_empties_no_folder_but_its_own_and_takes_no_settings() {
    let dir = tempfile::tempdir().unwrap();
    let theirs = dir.path().join("letter.txt");
    fs::write(&theirs, "dear").unwrap();
    let answer = demo(&["--data", dir.path().to_str().unwrap()]);
    assert!(answer.refusal().contains("not a demonstration's"), "{}", answer.err);
    assert!(theirs.exists());
    let set = demo(&["--set", "store.url=postgres://db/motcua"]);
    assert!(set.refusal().contains("demo takes no"), "{}", set.err);
}

#[test]
fn it_ends_badly_where_a_step_does() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("demo");
    let mut child = binary()
        .args(["demo", "--json", "--data", data.to_str().unwrap()])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let started: Value = serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap();
    assert_eq!(started["event"], "started");
    // People sign in first; then there is no folder for their papers any more.
    let files = data.join("files");
    fs::rename(&files, dir.path().join("away")).unwrap();
    fs::write(&files, "").unwrap();
    let rest: Vec<Value> =
        lines.map(|line| serde_json::from_str(&line.unwrap()).unwrap()).collect();
    let failed = rest.last().unwrap();
    assert_eq!(failed["event"], "failed", "{failed}");
    assert_eq!(failed["step"], rest.len(), "it is the step after those that were shown");
    let output = child.wait_with_output().unwrap();
    assert!(!output.status.success());
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains(&format!("bước {} không thành công", failed["step"])), "{said}");
}
