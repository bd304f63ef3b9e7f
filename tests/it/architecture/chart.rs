//! The chart deploys the services that exist, no more and no fewer.

use motcua_config::{Layers, Settings};
use motcua_spine::{Mode, Spine, declare_spine};
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

/// The chart's file and variables, beside the Secrets that its comments ask for.
#[test]
fn the_values_are_a_configuration_that_runs() {
    let values = yaml("helm/motcua/values.yaml");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("motcua.toml");
    std::fs::write(&file, values["config"].as_str().unwrap()).unwrap();
    let services = services();
    let names: Vec<_> = services.iter().map(String::as_str).collect();
    for service in &names {
        let secrets = [
            ("MOTCUA__STORE__URL", "postgres://login:password@database/motcua"),
            ("MOTCUA__BUS__URL", "amqp://login:password@broker/motcua"),
            ("MOTCUA__CACHE__URL", "redis://cache:6379/0"),
        ];
        let layers = declare_spine(Layers::new(""))
            .files([&file])
            .env(secrets)
            .env(variables("helm/motcua/templates/_service.tpl"))
            .env(names.iter().map(|name| {
                (format!("MOTCUA__PEERS__{}", name.to_uppercase()), format!("https://{name}:50051"))
            }));
        let spine = Spine::of(&Settings::load(layers).unwrap()).unwrap();
        assert_eq!(spine.server.mode, Mode::Production);
        spine.refuse_unsafe(&[service], &names).unwrap_or_else(|wrong| panic!("{wrong:?}"));
    }
}

/// The variables that a template sets, from its lines `- { name: X, value: Y }`.
fn variables(template: &str) -> Vec<(String, String)> {
    let text = std::fs::read_to_string(root().join(template)).unwrap();
    let entries = text.lines().filter_map(|line| {
        let (name, value) = line.trim().strip_prefix("- { name: ")?.split_once(", value: ")?;
        Some((name.to_owned(), value.strip_suffix(" }")?.trim_matches('"').to_owned()))
    });
    let entries: Vec<_> = entries.collect();
    assert!(entries.len() >= 4, "too few variables found in {template}");
    entries
}
