//! What `k8s/` asks of the metrics, and what `docs/runbook.md` says to do.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::root;

pub(super) fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The rules by themselves, as a Prometheus without an operator reads them.
pub(super) fn rules() -> Value {
    let object: Value = serde_saphyr::from_str(&read("k8s/alerts/motcua.yaml")).unwrap();
    json!({ "groups": object["spec"]["groups"] })
}

/// The alerts by name, with their expressions.
pub(super) fn alerts() -> BTreeMap<String, String> {
    let rules = rules();
    let groups = rules["groups"].as_array().unwrap();
    let rules = groups.iter().flat_map(|group| group["rules"].as_array().unwrap());
    rules.map(|rule| (text(&rule["alert"]), text(&rule["expr"]))).collect()
}

/// The dashboards' queries, by the titles of their panels.
pub(super) fn panels() -> Vec<(String, String)> {
    let board: Value = serde_json::from_str(&read("k8s/dashboards/motcua.json")).unwrap();
    let panels = board["panels"].as_array().unwrap();
    let targets = panels.iter().flat_map(|panel| {
        let targets = panel["targets"].as_array().cloned().unwrap_or_default();
        targets.into_iter().map(|target| (text(&panel["title"]), text(&target["expr"])))
    });
    targets.collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text")).to_owned()
}

/// The names of metrics in a query: words that are neither a function, nor a label, nor a keyword.
pub(super) fn names(query: &str) -> BTreeSet<String> {
    let mut bare = String::new();
    let (mut quoted, mut depth) = (false, 0);
    for letter in query.chars() {
        match letter {
            '"' => quoted = !quoted,
            '{' | '[' if !quoted => depth += 1,
            '}' | ']' if !quoted => depth -= 1,
            _ if !quoted && depth == 0 => bare.push(letter),
            _ => {}
        }
    }
    let mut found = BTreeSet::new();
    let mut rest = bare.as_str();
    while let Some(at) = rest.find(|c: char| c.is_alphabetic() || c == '_') {
        let word = &rest[at..];
        let end = word.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(word.len());
        let (word, behind) = word.split_at(end);
        rest = behind;
        if ["by", "on", "without", "ignoring"].contains(&word) {
            rest = behind.split_once(')').map_or("", |(_, rest)| rest);
        } else if !behind.trim_start().starts_with('(') && !is_keyword(word, behind) {
            found.insert(word.to_owned());
        }
    }
    found
}

fn is_keyword(word: &str, behind: &str) -> bool {
    // `sum by (…) (…)`: a function before its labels.
    ["or", "and", "unless", "bool"].contains(&word)
        || ["by ", "without "].iter().any(|labels| behind.trim_start().starts_with(labels))
}

#[test]
fn names_are_found_in_queries() {
    let query = r#"sum by (le, rpc_method) (rate(a_bucket{x="b_c", y!~".*/d"}[5m])) / on (x) max(e_f) > 0.02 or absent(g)"#;
    assert_eq!(names(query).into_iter().collect::<Vec<_>>(), ["a_bucket", "e_f", "g"]);
}

/// Whoever is woken finds what to do under the alert's own name.
#[test]
fn every_alert_has_its_section_in_the_runbook() {
    let runbook = read("docs/runbook.md");
    let sections: BTreeSet<_> = runbook
        .lines()
        .filter_map(|line| line.strip_prefix("## "))
        .map(ToOwned::to_owned)
        .collect();
    let alerts: BTreeSet<_> = alerts().into_keys().collect();
    assert_eq!(alerts, sections);
    let rules = rules();
    for rule in rules["groups"][0]["rules"].as_array().unwrap() {
        let name = text(&rule["alert"]);
        let link = format!("docs/runbook.md#{}", name.to_lowercase());
        assert_eq!(rule["annotations"]["runbook"], link.as_str());
        assert!(["page", "ticket", "office"].contains(&text(&rule["labels"]["severity"]).as_str()));
    }
}
