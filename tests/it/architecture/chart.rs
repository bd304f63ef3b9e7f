//! The chart deploys the services that exist, no more and no fewer.

use serde_json::Value;

use super::tree::{none, root, services};

fn yaml(path: &str) -> Value {
    let text = std::fs::read_to_string(root().join(path)).unwrap();
    serde_saphyr::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn the_values_name_every_service() {
    let values = yaml("helm/motcua/values.yaml");
    let mut named: Vec<_> = values["services"].as_object().unwrap().keys().cloned().collect();
    named.sort();
    assert_eq!(named, services());
}

#[test]
fn the_schema_knows_every_value() {
    let values = yaml("helm/motcua/values.yaml");
    let schema: Value = serde_json::from_str(
        &std::fs::read_to_string(root().join("helm/motcua/values.schema.json")).unwrap(),
    )
    .unwrap();
    let known = schema["properties"].as_object().unwrap();
    let unknown = values.as_object().unwrap().keys().filter(|key| !known.contains_key(*key));
    none("values.schema.json lacks a key", &unknown.cloned().collect::<Vec<_>>());
    assert_eq!(schema["additionalProperties"], false);
}
