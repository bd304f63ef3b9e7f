//! `google.protobuf.Struct` ↔ JSON. A struct knows floats alone: whole ones are read as integers, or
//! a schema's `maxLength: 5` would come back as 5.0.

use prost_types::{ListValue, Struct, Value as Proto, value::Kind};
use serde_json::{Map, Number, Value};

/// The JSON object of a struct.
pub fn from_struct(message: Struct) -> Value {
    Value::Object(
        message.fields.into_iter().map(|(name, value)| (name, from_value(value))).collect(),
    )
}

/// The struct of a JSON object; anything else is empty.
pub fn to_struct(value: Value) -> Struct {
    match value {
        Value::Object(fields) => object(fields),
        _ => Struct::default(),
    }
}

/// The JSON of a value.
pub fn from_value(value: Proto) -> Value {
    match value.kind {
        None | Some(Kind::NullValue(_)) => Value::Null,
        Some(Kind::BoolValue(flag)) => Value::Bool(flag),
        Some(Kind::NumberValue(number)) => from_number(number),
        Some(Kind::StringValue(text)) => Value::String(text),
        Some(Kind::ListValue(list)) => {
            Value::Array(list.values.into_iter().map(from_value).collect())
        }
        Some(Kind::StructValue(fields)) => from_struct(fields),
    }
}

/// The wire knows doubles only; a whole one is meant as an integer.
fn from_number(number: f64) -> Value {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if number.fract() == 0.0 && number.abs() <= EXACT {
        #[expect(clippy::cast_possible_truncation, reason = "whole, and within 53 bits")]
        return Value::from(number as i64);
    }
    Number::from_f64(number).map_or(Value::Null, Value::Number)
}

/// The value of JSON.
pub fn to_value(value: Value) -> Proto {
    let kind = match value {
        Value::Null => Kind::NullValue(0),
        Value::Bool(flag) => Kind::BoolValue(flag),
        Value::Number(number) => Kind::NumberValue(number.as_f64().unwrap_or_default()),
        Value::String(text) => Kind::StringValue(text),
        Value::Array(values) => {
            Kind::ListValue(ListValue { values: values.into_iter().map(to_value).collect() })
        }
        Value::Object(fields) => Kind::StructValue(object(fields)),
    };
    Proto { kind: Some(kind) }
}

fn object(fields: Map<String, Value>) -> Struct {
    Struct { fields: fields.into_iter().map(|(name, value)| (name, to_value(value))).collect() }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_object_reads_back_with_its_integers() {
        let value = json!({ "a": [1, 2.5, null, true, { "b": "ă" }], "c": -3 });
        assert_eq!(from_struct(to_struct(value.clone())), value);
    }

    #[test]
    fn what_json_cannot_hold_is_null() {
        let fields = [("x".to_owned(), Proto { kind: Some(Kind::NumberValue(f64::NAN)) })];
        let message = Struct { fields: fields.into_iter().collect() };
        assert_eq!(from_struct(message), json!({ "x": null }));
    }
}
