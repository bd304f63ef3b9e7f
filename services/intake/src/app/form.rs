//! The e-form of a version: its JSON Schema, compiled once, and what is wrong
//! with answers in Vietnamese, by field.

use std::collections::{HashMap, HashSet};

use jsonschema::{
    Draft, PatternOptions, Validator,
    error::{TypeKind, ValidationErrorKind as Wrong},
    paths::LocationSegment,
};
use motcua_fault::{Fault, Violations};
use serde_json::Value;

/// More than an answer to the caller can name.
const MOST_ERRORS: usize = 500;

/// A compiled e-form.
pub(crate) struct Form {
    validator: Validator,
    fields: Fields,
}

impl Form {
    /// Compiles a schema.
    ///
    /// # Errors
    /// Internal: the catalog checks schemas before it publishes them.
    pub(crate) fn compile(schema: &Value) -> Result<Self, Fault> {
        let validator = jsonschema::options()
            .with_draft(Draft::Draft202012)
            .should_validate_formats(true)
            .with_pattern_options(PatternOptions::regex())
            .build(schema)
            .map_err(|error| Fault::internal(error.to_string()))?;
        let mut fields = Fields::default();
        fields.collect(schema, schema, "", 0);
        Ok(Self { validator, fields })
    }

    /// Whether the form has a field at a path such as `answers.father.name` or
    /// `answers.witnesses.0.age`.
    pub(crate) fn asks(&self, path: &str) -> bool {
        let Some(path) = path.strip_prefix("answers.") else { return false };
        let named: Vec<_> = path.split('.').filter(|part| !is_position(part)).collect();
        self.fields.known.contains(&named.join("."))
    }

    /// Notes all that is missing or wrong, as `answers.father.name`.
    pub(crate) fn check(&self, answers: &Value, violations: &mut Violations) {
        let empty = Value::Object(serde_json::Map::new());
        let answers = if answers.is_null() { &empty } else { answers };
        for error in self.validator.iter_errors(answers).take(MOST_ERRORS) {
            let mut path: Vec<String> = error
                .instance_path()
                .iter()
                .map(|segment| match segment {
                    LocationSegment::Property(name) => name.into_owned(),
                    LocationSegment::Index(position) => position.to_string(),
                })
                .collect();
            if let Wrong::Required { property } = error.kind() {
                path.extend(property.as_str().map(ToOwned::to_owned));
            }
            let (reason, what) = say(error.kind());
            let title = self.title(&path);
            violations.add(dotted("answers", &path), reason, format!("{title}: {what}."));
        }
    }

    /// The property's title after that of the group it stands in, `Mẹ – Họ tên`:
    /// a form asks for more than one name.
    fn title(&self, path: &[String]) -> String {
        let named: Vec<_> = path.iter().filter(|part| !is_position(part)).cloned().collect();
        let mut titles =
            (1..=named.len()).rev().filter_map(|n| self.fields.titles.get(&named[..n].join(".")));
        match (titles.next(), titles.next()) {
            (Some(own), Some(group)) => format!("{group} – {own}"),
            (Some(own), None) => own.clone(),
            _ => self.fields.titles.get("").cloned().unwrap_or_else(|| "Tờ khai".to_owned()),
        }
    }
}

fn dotted(root: &str, path: &[String]) -> String {
    path.iter().fold(root.to_owned(), |text, part| format!("{text}.{part}"))
}

fn is_position(part: &str) -> bool {
    part.parse::<usize>().is_ok()
}

/// What a form asks for, by dotted paths without array positions.
#[derive(Default)]
struct Fields {
    known: HashSet<String>,
    /// `title` of whatever has one.
    titles: HashMap<String, String>,
    /// Parts that were looked at, each as often as something refers to it.
    looked: usize,
}

impl Fields {
    /// Deeper than any form people fill in; it ends definitions that hold themselves.
    const DEEPEST: usize = 12;
    /// Parts that are looked at; the catalog publishes no form with more.
    const MOST: usize = 10_000;

    /// Notes what is at `path` and below. What is nearest names it: a definition
    /// or a branch does not rename what refers to it.
    fn collect(&mut self, root: &Value, schema: &Value, path: &str, depth: usize) {
        if depth > Self::DEEPEST || self.looked >= Self::MOST {
            return;
        }
        self.looked += 1;
        if let Some(title) = schema.get("title").and_then(Value::as_str) {
            self.titles.entry(path.to_owned()).or_insert_with(|| title.to_owned());
        }
        for (name, property) in
            schema.get("properties").and_then(Value::as_object).into_iter().flatten()
        {
            let below = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
            self.known.insert(below.clone());
            self.collect(root, property, &below, depth + 1);
        }
        let pointer = schema.get("$ref").and_then(Value::as_str).and_then(|r| r.strip_prefix('#'));
        let definition = pointer.and_then(|pointer| root.pointer(pointer));
        let parts = ["items", "then", "else"].map(|part| schema.get(part));
        let lists = ["allOf", "anyOf", "oneOf"].map(|list| schema.get(list));
        let branches = lists.into_iter().flatten().filter_map(Value::as_array).flatten();
        for inner in definition.into_iter().chain(parts.into_iter().flatten()).chain(branches) {
            self.collect(root, inner, path, depth + 1);
        }
    }
}

/// A stable reason, and the end of a Vietnamese sentence. The value itself is
/// never repeated: it is personal.
fn say(wrong: &Wrong) -> (&'static str, String) {
    match wrong {
        Wrong::Required { .. } | Wrong::MinLength { limit: 1 } => {
            ("REQUIRED", "chưa điền".to_owned())
        }
        Wrong::MinLength { limit } => ("TOO_SHORT", format!("cần ít nhất {limit} ký tự")),
        Wrong::MaxLength { limit } => ("TOO_LONG", format!("dài quá {limit} ký tự")),
        Wrong::Minimum { limit } => ("TOO_SMALL", format!("phải từ {limit} trở lên")),
        Wrong::Maximum { limit } => ("TOO_LARGE", format!("không được quá {limit}")),
        Wrong::ExclusiveMinimum { limit } => ("TOO_SMALL", format!("phải lớn hơn {limit}")),
        Wrong::ExclusiveMaximum { limit } => ("TOO_LARGE", format!("phải nhỏ hơn {limit}")),
        Wrong::MinItems { limit } => ("TOO_FEW", format!("cần ít nhất {limit} mục")),
        Wrong::MaxItems { limit } => ("TOO_MANY", format!("không được quá {limit} mục")),
        Wrong::UniqueItems => ("REPEATED", "có mục bị lặp lại".to_owned()),
        Wrong::Pattern { .. } => ("PATTERN_MISMATCH", "không đúng định dạng".to_owned()),
        Wrong::Format { format } => ("FORMAT_MISMATCH", format_text(format).to_owned()),
        Wrong::Enum { .. } | Wrong::Constant { .. } => {
            ("NOT_ONE_OF", "không thuộc các giá trị cho phép".to_owned())
        }
        Wrong::Type { kind } => ("TYPE_MISMATCH", format!("cần là {}", type_text(kind))),
        Wrong::AdditionalProperties { .. } | Wrong::UnevaluatedProperties { .. } => {
            ("UNKNOWN_FIELD", "có mục không thuộc tờ khai".to_owned())
        }
        Wrong::AnyOf { .. } | Wrong::OneOfNotValid { .. } | Wrong::OneOfMultipleValid { .. } => {
            ("NO_CHOICE_FITS", "không khớp lựa chọn nào của tờ khai".to_owned())
        }
        _ => ("INVALID", "không hợp lệ theo tờ khai".to_owned()),
    }
}

fn format_text(format: &str) -> &'static str {
    match format {
        "date" => "cần là ngày dạng năm-tháng-ngày, ví dụ 2026-11-21",
        "date-time" => "cần là ngày giờ hợp lệ",
        "email" => "không phải địa chỉ thư điện tử",
        _ => "không đúng định dạng",
    }
}

fn type_text(kind: &TypeKind) -> &'static str {
    match kind {
        TypeKind::Single(single) => match single.as_str() {
            "string" => "chữ",
            "integer" => "số nguyên",
            "number" => "số",
            "boolean" => "có hoặc không",
            "array" => "danh sách",
            "object" => "một nhóm thông tin",
            _ => "giá trị khác",
        },
        TypeKind::Multiple(_) => "giá trị khác",
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn form() -> Form {
        Form::compile(&json!({
            "type": "object",
            "title": "Tờ khai đăng ký khai sinh",
            "required": ["child", "father"],
            "properties": {
                "child": {
                    "type": "object",
                    "title": "Trẻ được khai sinh",
                    "required": ["name", "birth_date"],
                    "properties": {
                        "name": { "type": "string", "minLength": 1, "title": "Họ tên trẻ" },
                        "birth_date": { "type": "string", "format": "date", "title": "Ngày sinh" },
                    },
                },
                "father": {
                    "type": "object",
                    "required": ["name"],
                    "properties": { "name": { "type": "string", "title": "Họ tên cha" } },
                },
                "copies": { "type": "integer", "minimum": 1, "title": "Số bản sao" },
                "witnesses": {
                    "type": "array",
                    "title": "Người làm chứng",
                    "items": { "properties": { "age": { "type": "integer", "title": "Tuổi" } } },
                },
            },
        }))
        .unwrap()
    }

    fn checked(answers: &Value) -> Violations {
        let mut violations = Violations::default();
        form().check(answers, &mut violations);
        violations
    }

    fn found(answers: &Value) -> Vec<(String, String)> {
        let violations = checked(answers);
        violations.as_slice().iter().map(|v| (v.field.clone(), v.reason.clone())).collect()
    }

    #[test]
    fn all_that_is_wrong_is_answered_by_field() {
        let wrong = found(&json!({
            "child": { "name": "", "birth_date": "hôm qua" },
            "father": {},
            "copies": 0,
            "witnesses": [{ "age": 40 }, { "age": "bốn mươi" }],
        }));
        let expected = [
            ("answers.child.birth_date", "FORMAT_MISMATCH"),
            ("answers.child.name", "REQUIRED"),
            ("answers.copies", "TOO_SMALL"),
            ("answers.father.name", "REQUIRED"),
            ("answers.witnesses.1.age", "TYPE_MISMATCH"),
        ];
        let mut wrong: Vec<_> = wrong.iter().map(|(f, r)| (f.as_str(), r.as_str())).collect();
        wrong.sort_unstable();
        assert_eq!(wrong, expected);
    }

    #[test]
    fn nothing_at_all_lacks_what_is_required() {
        let wrong = found(&Value::Null);
        assert_eq!(wrong.len(), 2);
        assert!(wrong.contains(&("answers.father".to_owned(), "REQUIRED".to_owned())));
    }

    #[test]
    fn texts_name_the_field_and_never_the_value() {
        let violations = checked(&json!({
            "child": { "name": "Bé", "birth_date": "bí mật" }, "father": { "name": "Cha" },
        }));
        let text = &violations.as_slice()[0].text;
        assert!(
            text.starts_with("Trẻ được khai sinh – Ngày sinh:") && !text.contains("bí mật"),
            "{text}"
        );
    }

    #[test]
    fn what_a_definition_holds_has_its_own_names() {
        let form = Form::compile(&json!({
            "properties": {
                "mother": { "$ref": "#/$defs/parent", "title": "Mẹ" },
                "sex": { "title": "Giới tính", "oneOf": [{ "const": "nam", "title": "Nam" }] },
            },
            "$defs": { "parent": {
                "type": "object", "title": "Cha hoặc mẹ", "required": ["name"],
                "properties": {
                    "name": { "type": "string", "title": "Họ tên" },
                    "parent": { "$ref": "#/$defs/parent" },
                },
            } },
        }))
        .unwrap();
        let mut violations = Violations::default();
        form.check(&json!({ "mother": {}, "sex": "khác" }), &mut violations);
        let texts: Vec<_> = violations.as_slice().iter().map(|v| v.text.as_str()).collect();
        assert!(texts.contains(&"Mẹ – Họ tên: chưa điền."), "{texts:?}");
        assert!(texts.iter().any(|text| text.starts_with("Giới tính: ")), "{texts:?}");
        assert!(form.asks("answers.mother.parent.name"));
    }

    #[test]
    fn it_knows_what_it_asks_for() {
        let form = form();
        for path in ["answers.father.name", "answers.witnesses.0.age", "answers.child"] {
            assert!(form.asks(path), "{path}");
        }
        for path in ["father.name", "answers", "answers.", "answers.mother", "answers.father.age"] {
            assert!(!form.asks(path), "{path}");
        }
    }

    #[test]
    fn right_answers_are_right() {
        assert!(
            found(&json!({
                "child": { "name": "Nguyễn Văn Bé", "birth_date": "2026-11-01" },
                "father": { "name": "Nguyễn Văn Cha" },
                "copies": 3.0,
            }))
            .is_empty()
        );
    }

    fn anything() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            any::<String>().prop_map(Value::from),
        ];
        let name = prop_oneof![
            prop::sample::select(vec!["child", "father", "name", "copies", "witnesses", "age"])
                .prop_map(ToOwned::to_owned),
            any::<String>(),
        ];
        leaf.prop_recursive(6, 200, 8, move |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..8).prop_map(Value::from),
                prop::collection::vec((name.clone(), inner), 0..8)
                    .prop_map(|fields| Value::Object(fields.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn any_answers_are_right_or_told_what_is_wrong(answers in anything(), path: String) {
            let mut violations = Violations::default();
            let form = form();
            form.check(&answers, &mut violations);
            prop_assert!(violations.as_slice().len() <= MOST_ERRORS);
            for violation in violations.as_slice() {
                prop_assert!(violation.field.starts_with("answers"));
                prop_assert!(!violation.reason.is_empty() && !violation.text.is_empty());
            }
            form.asks(&path);
        }
    }

    #[test]
    fn a_flood_of_wrong_answers_is_told_in_part() {
        let witnesses = vec![json!({ "age": "x" }); 100_000];
        let found = found(&json!({ "witnesses": witnesses }));
        assert_eq!(found.len(), MOST_ERRORS);
    }

    #[test]
    fn a_form_that_branches_without_end_is_looked_at_in_part() {
        let branches = vec![json!({ "$ref": "#/$defs/a" }); 100];
        let form = Form::compile(&json!({
            "properties": { "a": { "title": "A" } },
            "$defs": { "a": { "properties": { "b": { "anyOf": branches } } } },
            "anyOf": [{ "$ref": "#/$defs/a" }],
        }));
        assert!(form.unwrap().asks("answers.a"));
    }
}
