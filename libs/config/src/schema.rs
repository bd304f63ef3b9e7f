use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};
use toml::{Table, Value};

use crate::{
    defaults::{Described, describe},
    section::Declared,
};

type Descriptions = BTreeMap<String, Described>;

/// Types and defaults come from the sections' `Default`, words from the default text.
pub(crate) fn schema(sections: &[Declared], default_text: &str) -> Json {
    let described = describe(default_text);
    let properties: Map<String, Json> = sections
        .iter()
        .map(|s| (s.name.to_owned(), table(s.name, &(s.defaults)(), &described)))
        .collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "motcua",
        "type": "object",
        "additionalProperties": false,
        "properties": properties,
    })
}

fn table(path: &str, defaults: &Table, described: &Descriptions) -> Json {
    let mut properties = Map::new();
    for (key, value) in defaults {
        let path = format!("{path}.{key}");
        let mut property = match value {
            Value::Table(inner) => table(&path, inner, described),
            leaf => json!({ "type": kind(leaf), "default": leaf }),
        };
        say(&mut property, &path, described);
        properties.insert(key.clone(), property);
    }
    // Options without a default are known by the example in the default text alone.
    for (key, about) in described {
        let name = key.strip_prefix(path).and_then(|rest| rest.strip_prefix('.'));
        if let (Some(name), Some(example)) = (name, &about.example)
            && !name.contains('.')
            && !properties.contains_key(name)
        {
            let mut property = json!({ "type": kind(example), "examples": [example] });
            say(&mut property, key, described);
            properties.insert(name.to_owned(), property);
        }
    }
    // A table that is empty by default is one of free keys, such as addresses by service.
    let open = properties.is_empty();
    let mut object =
        json!({ "type": "object", "additionalProperties": open, "properties": properties });
    say(&mut object, path, described);
    object
}

fn say(property: &mut Json, path: &str, described: &Descriptions) {
    if let Some(about) = described.get(path).filter(|about| !about.comment.is_empty()) {
        property["description"] = about.comment.clone().into();
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::String(_) | Value::Datetime(_) => "string",
        Value::Integer(_) => "integer",
        Value::Float(_) => "number",
        Value::Boolean(_) => "boolean",
        Value::Array(_) => "array",
        Value::Table(_) => "object",
    }
}
