//! Whether an e-form is a sound JSON Schema. Compiling takes a hundred times
//! what asking again does, and a draft is checked often: the answer is kept.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::domain::{Content, Findings};

const MOST_KEPT: usize = 1_000;

#[derive(Default)]
pub(super) struct Forms {
    /// By hash of the schema: why it is not sound, or nothing.
    known: Mutex<HashMap<[u8; 32], Option<String>>>,
}

impl Forms {
    /// Notes what is wrong with the version's e-form.
    pub(super) fn check(&self, content: &Content, found: &mut Findings) {
        let Some(schema) = &content.form else { return };
        if let Some(why) = self.trouble(schema) {
            found.problem("form", "FORM_INVALID", format!("Biểu mẫu điện tử chưa đúng: {why}"));
        }
        for (path, property) in properties(schema, "form") {
            if property.get("title").is_none() && property.get("$ref").is_none() {
                found.flag(path, "TITLE_MISSING", "Mục của biểu mẫu chưa có tên tiếng Việt.");
            }
        }
    }

    fn trouble(&self, schema: &Value) -> Option<String> {
        let hash: [u8; 32] = Sha256::digest(schema.to_string()).into();
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST_KEPT {
            known.clear();
        }
        known.entry(hash).or_insert_with(|| compile(schema)).clone()
    }
}

fn compile(schema: &Value) -> Option<String> {
    if schema.get("type").and_then(Value::as_str) != Some("object") {
        return Some("ở gốc phải có type: object.".to_owned());
    }
    if let Err(error) = jsonschema::meta::validate(schema) {
        return Some(format!("{} ({error}).", error.instance_path()));
    }
    let built = jsonschema::draft202012::options().should_validate_formats(true).build(schema);
    built.err().map(|error| format!("{error}."))
}

/// Every property of the schema's objects, with its path.
fn properties<'a>(schema: &'a Value, path: &str) -> Vec<(String, &'a Value)> {
    let mut found = Vec::new();
    for (name, property) in
        schema.get("properties").and_then(Value::as_object).into_iter().flatten()
    {
        let path = format!("{path}.{name}");
        found.extend(properties(property, &path));
        found.push((path, property));
    }
    found
}
