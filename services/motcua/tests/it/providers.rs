//! `providers`: taken out and put back by somebody for a reason.

use std::path::Path;

use serde_json::Value;

use crate::{Answer, motcua};

const SET: [&str; 4] =
    ["--set", "notification.smpp.address=smsc:2775", "--set", "notification.smtp.host=mail"];
const MORE: [&str; 8] = [
    "--set",
    "notification.smpp.system_id=motcua",
    "--set",
    "notification.smpp.source=MOTCUA",
    "--set",
    "notification.smtp.from=a@example.vn",
    "--set",
    "notification.smpp.weight=3",
];

fn asked(data: &Path, words: &[&str]) -> Answer {
    motcua(data, &[&SET[..], &MORE, &["providers"], words].concat())
}

/// Each provider with its weight, and who took it out.
fn listed(data: &Path) -> Vec<(String, u64, Option<String>)> {
    let listed = asked(data, &["list"]);
    let lines = listed.good().lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let by = |line: &Value| (line["out"] == true).then(|| text(&line["by"]).unwrap());
    lines
        .map(|line| (text(&line["provider"]).unwrap(), line["weight"].as_u64().unwrap(), by(&line)))
        .collect()
}

#[test]
fn a_provider_is_taken_out_and_put_back_by_somebody_for_a_reason() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path();
    assert!(motcua(data, &["migrate"]).well);
    let all = |by: Option<&str>| {
        vec![("smtp".to_owned(), 1, None), ("smpp".to_owned(), 3, by.map(ToOwned::to_owned))]
    };
    assert_eq!(listed(data), all(None));
    let why = ["--by", "an operator", "--reason", "the contract ends"];
    assert_eq!(asked(data, &[&["out", "smpp"][..], &why].concat()).good(), "smpp is out\n");
    assert_eq!(listed(data), all(Some("an operator")));
    assert_eq!(asked(data, &[&["back", "smpp"][..], &why].concat()).good(), "smpp is back\n");
    assert_eq!(listed(data), all(None));
    let unknown = asked(data, &[&["out", "viettel"][..], &why].concat());
    assert!(unknown.refusal().contains("no such provider"), "{}", unknown.err);
    let nameless = asked(data, &["out", "smpp", "--by", " ", "--reason", "x"]);
    assert!(nameless.refusal().contains("--by"), "{}", nameless.err);
}
