//! Whether an e-form is a sound JSON Schema. Compiling takes a hundred times
//! what asking again does, and a draft is checked often: the answer is kept.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use jsonschema::PatternOptions;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::domain::{Content, Findings};

const MOST_KEPT: usize = 1_000;
/// Parts of a form with every reference followed: what checking one answer can take.
const MOST_PARTS: usize = 10_000;
/// How deep parts stand in parts.
const DEEPEST: usize = 64;
/// Octets of one compiled pattern.
const LARGEST_PATTERN: usize = 2 * 1024 * 1024;

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
    let mut left = MOST_PARTS;
    if let Err(why) = unfold(schema, schema, &mut left, DEEPEST) {
        return Some(why);
    }
    if schema.get("type").and_then(Value::as_str) != Some("object") {
        return Some("ở gốc phải có type: object.".to_owned());
    }
    if let Err(error) = jsonschema::meta::validate(schema) {
        return Some(format!("{} ({error}).", error.instance_path()));
    }
    // Patterns that look around cannot be matched in linear time, and are refused.
    let built = jsonschema::draft202012::options()
        .should_validate_formats(true)
        .with_pattern_options(PatternOptions::regex().size_limit(LARGEST_PATTERN))
        .build(schema);
    built.err().map(|error| format!("{error}."))
}

/// Follows every reference, so that a form that holds itself, or a few lines that
/// stand for millions, are found before an answer is checked by them.
fn unfold(root: &Value, part: &Value, left: &mut usize, depth: usize) -> Result<(), String> {
    *left = left.checked_sub(1).ok_or("biểu mẫu có quá nhiều mục.")?;
    let depth = depth.checked_sub(1).ok_or("biểu mẫu lồng nhau quá sâu, hoặc tự chứa chính nó.")?;
    match part {
        Value::Array(parts) => parts.iter().try_for_each(|part| unfold(root, part, left, depth)),
        Value::Object(parts) => {
            for (key, part) in parts {
                match (key.as_str(), part) {
                    ("const" | "enum" | "default" | "examples", _) => {}
                    ("$ref", Value::String(to)) => {
                        let target = to.strip_prefix('#').and_then(|at| root.pointer(at));
                        let target = target
                            .ok_or_else(|| format!("không tìm thấy «{to}» trong biểu mẫu."))?;
                        unfold(root, target, left, depth)?;
                    }
                    ("$dynamicRef", Value::String(to)) => {
                        return Err(format!("không dùng được $dynamicRef «{to}»."));
                    }
                    _ => unfold(root, part, left, depth)?,
                }
            }
            Ok(())
        }
        _ => Ok(()),
    }
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

#[cfg(test)]
mod tests {
    use std::iter;

    use proptest::prelude::*;
    use serde_json::{Map, json};

    use super::*;

    fn refused(form: &Value) -> String {
        compile(form).unwrap_or_default()
    }

    #[test]
    fn a_form_that_holds_itself_is_refused() {
        let itself = json!({ "type": "object", "allOf": [{ "$ref": "#" }] });
        let below = json!({ "type": "object", "properties": { "a": { "$ref": "#" } } });
        let deep = iter::successors(Some(json!({})), |inner| Some(json!({ "not": inner })));
        let deep = json!({ "type": "object", "not": deep.into_iter().nth(100) });
        for form in [itself, below, deep] {
            assert!(refused(&form).contains("quá sâu"), "{}", refused(&form));
        }
    }

    #[test]
    fn a_few_lines_do_not_stand_for_millions() {
        let level = |n: usize| {
            let next = json!({ "$ref": format!("#/$defs/l{}", n + 1) });
            (format!("l{n}"), json!({ "allOf": [next, next, next, next] }))
        };
        let mut levels: Map<_, _> = (0..20).map(level).collect();
        levels.insert("l20".to_owned(), json!(true));
        let form = json!({ "type": "object", "$ref": "#/$defs/l0", "$defs": levels });
        assert!(refused(&form).contains("quá nhiều mục"), "{}", refused(&form));
    }

    #[test]
    fn nothing_is_looked_for_elsewhere() {
        for to in ["https://example.org/form.json", "other", "#/$defs/absent"] {
            let form = json!({ "type": "object", "properties": { "a": { "$ref": to } } });
            assert!(refused(&form).contains(to), "{}", refused(&form));
        }
        assert_eq!(compile(&json!({ "type": "object", "const": { "$ref": "x" } })), None);
    }

    #[test]
    fn patterns_are_matched_in_linear_time_and_little_memory() {
        let form = |pattern: &str| json!({ "type": "object", "properties": { "a": { "title": "A", "pattern": pattern } } });
        assert_eq!(compile(&form("^(a+)+$")), None);
        for dear in ["^(?=a)", r"^(a)\1$", "(a{1000}){1000}"] {
            assert!(compile(&form(dear)).is_some(), "{dear}");
        }
    }

    fn schemas() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            any::<bool>().prop_map(Value::from),
            any::<i32>().prop_map(Value::from),
            prop::sample::select(vec![
                "object",
                "string",
                "#",
                "#/$defs/a",
                "x",
                "(a+)+$",
                "[",
                "\\p{L}+",
                "date"
            ])
            .prop_map(Value::from),
        ];
        let word = prop::sample::select(vec![
            "type",
            "properties",
            "a",
            "$ref",
            "$defs",
            "items",
            "allOf",
            "anyOf",
            "oneOf",
            "not",
            "if",
            "then",
            "pattern",
            "patternProperties",
            "required",
            "enum",
            "const",
            "minLength",
            "format",
            "dependentSchemas",
            "title",
            "$id",
            "$anchor",
            "$dynamicRef",
            "uniqueItems",
            "$schema",
        ]);
        leaf.prop_recursive(6, 60, 6, move |inner| {
            prop_oneof![
                1 => prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                4 => prop::collection::vec((word.clone(), inner), 0..6).prop_map(|parts| {
                    Value::Object(parts.into_iter().map(|(k, v)| (k.to_owned(), v)).collect())
                }),
            ]
        })
    }

    proptest! {
        #[test]
        fn any_schema_is_sound_or_told_why_not(mut form in schemas(), answers in schemas()) {
            if let Some(parts) = form.as_object_mut() {
                parts.insert("type".to_owned(), json!("object"));
            }
            if let Some(why) = compile(&form) {
                prop_assert!(!why.is_empty());
            } else {
                // What was let through can be asked.
                let built = jsonschema::draft202012::options()
                    .with_pattern_options(PatternOptions::regex())
                    .build(&form)
                    .unwrap();
                built.iter_errors(&answers).take(100).count();
            }
        }
    }
}
