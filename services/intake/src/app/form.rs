//! The e-form of a version: its JSON Schema, compiled once, and what is wrong
//! with answers in Vietnamese, by field.

use std::collections::HashMap;

use jsonschema::{
    Draft, Validator,
    error::{TypeKind, ValidationErrorKind as Wrong},
    paths::LocationSegment,
};
use motcua_fault::{Fault, Violations};
use serde_json::Value;

/// A compiled e-form.
pub(crate) struct Form {
    validator: Validator,
    /// `title` of every property, by its dotted path without array positions.
    titles: HashMap<String, String>,
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
            .build(schema)
            .map_err(|error| Fault::internal(error.to_string()))?;
        let mut titles = HashMap::new();
        collect_titles(schema, "", &mut titles);
        Ok(Self { validator, titles })
    }

    /// Notes all that is missing or wrong, as `answers.father.name`.
    pub(crate) fn check(&self, answers: &Value, violations: &mut Violations) {
        let empty = Value::Object(serde_json::Map::new());
        let answers = if answers.is_null() { &empty } else { answers };
        for error in self.validator.iter_errors(answers) {
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

    /// The property's title; a part of it where the whole has none.
    fn title(&self, path: &[String]) -> &str {
        let named: Vec<_> =
            path.iter().filter(|part| part.parse::<usize>().is_err()).cloned().collect();
        (0..=named.len())
            .rev()
            .find_map(|n| self.titles.get(&named[..n].join(".")))
            .map_or("Tờ khai", String::as_str)
    }
}

fn dotted(root: &str, path: &[String]) -> String {
    path.iter().fold(root.to_owned(), |text, part| format!("{text}.{part}"))
}

fn collect_titles(schema: &Value, path: &str, titles: &mut HashMap<String, String>) {
    if let Some(title) = schema.get("title").and_then(Value::as_str) {
        titles.insert(path.to_owned(), title.to_owned());
    }
    if let Some(properties) = schema.get("properties").and_then(Value::as_object) {
        for (name, property) in properties {
            let below = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
            collect_titles(property, &below, titles);
        }
    }
    for part in ["items", "then", "else"] {
        if let Some(inner) = schema.get(part) {
            collect_inner(inner, path, titles);
        }
    }
    for list in ["allOf", "anyOf", "oneOf"] {
        for inner in schema.get(list).and_then(Value::as_array).into_iter().flatten() {
            collect_inner(inner, path, titles);
        }
    }
}

/// A branch may add titles below, but does not rename what it belongs to.
fn collect_inner(schema: &Value, path: &str, titles: &mut HashMap<String, String>) {
    let kept = titles.get(path).cloned();
    collect_titles(schema, path, titles);
    if let Some(kept) = kept {
        titles.insert(path.to_owned(), kept);
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
        assert!(text.starts_with("Ngày sinh:") && !text.contains("bí mật"), "{text}");
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
}
