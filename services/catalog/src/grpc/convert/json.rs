//! JSON and `google.protobuf.Struct`. A Struct knows floats alone: whole ones
//! are read back as integers, or a schema's `maxLength: 5` would become 5.0.

use prost_types::{ListValue, Struct, Value as Any, value::Kind};
use serde_json::{Map, Number, Value};

/// The whole numbers a float holds exactly.
const EXACT: f64 = 9_007_199_254_740_992.0;

pub(super) fn to_struct(value: &Value) -> Option<Struct> {
    match value {
        Value::Object(object) => Some(structure(object)),
        _ => None,
    }
}

fn structure(object: &Map<String, Value>) -> Struct {
    Struct { fields: object.iter().map(|(key, value)| (key.clone(), any(value))).collect() }
}

fn any(value: &Value) -> Any {
    let kind = match value {
        Value::Null => Kind::NullValue(0),
        Value::Bool(value) => Kind::BoolValue(*value),
        Value::Number(number) => Kind::NumberValue(number.as_f64().unwrap_or_default()),
        Value::String(text) => Kind::StringValue(text.clone()),
        Value::Array(items) => {
            Kind::ListValue(ListValue { values: items.iter().map(any).collect() })
        }
        Value::Object(object) => Kind::StructValue(structure(object)),
    };
    Any { kind: Some(kind) }
}

pub(super) fn from_struct(structure: Struct) -> Value {
    Value::Object(structure.fields.into_iter().map(|(key, value)| (key, json(value))).collect())
}

fn json(value: Any) -> Value {
    match value.kind {
        None | Some(Kind::NullValue(_)) => Value::Null,
        Some(Kind::BoolValue(value)) => Value::Bool(value),
        Some(Kind::NumberValue(number)) => whole(number),
        Some(Kind::StringValue(text)) => Value::String(text),
        Some(Kind::ListValue(list)) => Value::Array(list.values.into_iter().map(json).collect()),
        Some(Kind::StructValue(inner)) => from_struct(inner),
    }
}

fn whole(number: f64) -> Value {
    if number.fract() == 0.0 && number.abs() <= EXACT {
        #[expect(clippy::cast_possible_truncation, reason = "whole and held exactly")]
        return Value::from(number as i64);
    }
    Number::from_f64(number).map_or(Value::Null, Value::Number)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_schema_survives_the_way_there_and_back() {
        let schema = json!({
            "type": "object",
            "properties": { "tuoi": { "type": "integer", "maximum": 150, "multipleOf": 0.5 } },
            "required": ["tuoi"], "x-order": ["tuoi"], "default": null, "additionalProperties": false,
        });
        let sent = to_struct(&schema).unwrap();
        assert_eq!(from_struct(sent), schema);
    }
}
