//! The alerts before Prometheus' own judge, `promtool`: they are well made, and each fires upon
//! what it is for and not before.

use std::{collections::BTreeSet, path::Path, process::Command};

use serde_json::Value;

use super::files;

/// What happens, minute by minute, and which alerts are to fire then.
const CASES: &str = "tests/it/observed/alerts.yaml";

#[test]
fn every_alert_fires_upon_what_it_is_for() {
    let folder = tempfile::tempdir().unwrap();
    let cases = files::read(CASES);
    std::fs::write(folder.path().join("rules.yaml"), files::rules().to_string()).unwrap();
    std::fs::write(folder.path().join("alerts.yaml"), &cases).unwrap();
    promtool(folder.path(), &["check", "rules", "rules.yaml"]);
    promtool(folder.path(), &["test", "rules", "alerts.yaml"]);
    let alerts: BTreeSet<_> = files::alerts().into_keys().collect();
    assert_eq!(tried(&cases, true), alerts, "alerts of which no case shows that they fire");
    assert_eq!(tried(&cases, false), alerts, "alerts of which no case shows that they wait");
}

/// The alerts that some case wants to fire, or to be silent.
fn tried(cases: &str, firing: bool) -> BTreeSet<String> {
    let cases: Value = serde_saphyr::from_str(cases).unwrap();
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let asked = list(&cases["tests"]).into_iter().flat_map(|case| list(&case["alert_rule_test"]));
    asked
        .filter(|asked| list(&asked["exp_alerts"]).is_empty() != firing)
        .map(|asked| asked["alertname"].as_str().unwrap().to_owned())
        .collect()
}

fn promtool(folder: &Path, arguments: &[&str]) {
    let judged = Command::new("promtool").args(arguments).current_dir(folder).output();
    let judged = judged.expect("Debian's package prometheus");
    let said = [judged.stdout, judged.stderr].concat();
    assert!(judged.status.success(), "{}", String::from_utf8_lossy(&said));
}
