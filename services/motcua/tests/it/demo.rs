//! `demo`: it can be run again, programs can read it, and what it leaves can be served.

use std::fs;

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
    assert_eq!(stores.count(), 5, "{}", examined.out);
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
