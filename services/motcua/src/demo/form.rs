//! Form answers as the contract carries them.

use prost_types::{ListValue, Struct, Value as Field, value::Kind};
use serde_json::Value;

/// A JSON object as `google.protobuf.Struct`; anything else is an empty one.
pub(super) fn structure(value: &Value) -> Struct {
    match value {
        Value::Object(entries) => Struct {
            fields: entries.iter().map(|(name, value)| (name.clone(), field(value))).collect(),
        },
        _ => Struct::default(),
    }
}

fn field(value: &Value) -> Field {
    let kind = match value {
        Value::Null => Kind::NullValue(0),
        Value::Bool(truth) => Kind::BoolValue(*truth),
        Value::Number(number) => Kind::NumberValue(number.as_f64().unwrap_or_default()),
        Value::String(text) => Kind::StringValue(text.clone()),
        Value::Array(values) => {
            Kind::ListValue(ListValue { values: values.iter().map(field).collect() })
        }
        Value::Object(_) => Kind::StructValue(structure(value)),
    };
    Field { kind: Some(kind) }
}
