//! A JSON Schema read with the order of its properties kept: a form is filled
//! in as it was written, and JSON objects have no order. Each object that has
//! `properties` gets `x-order`, the list of their names, unless it has one.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Value};

const ORDER: &str = "x-order";

/// A schema that knows the order of its properties.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct OrderedSchema(pub(super) Value);

impl<'de> Deserialize<'de> for OrderedSchema {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(Self(Ordered::deserialize(from)?.value))
    }
}

/// A value with the order of its keys, where it is an object.
struct Ordered {
    value: Value,
    keys: Vec<String>,
}

impl Ordered {
    fn plain(value: impl Into<Value>) -> Self {
        Self { value: value.into(), keys: Vec::new() }
    }
}

impl<'de> Deserialize<'de> for Ordered {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(AnyValue)
    }
}

struct AnyValue;

impl<'de> Visitor<'de> for AnyValue {
    type Value = Ordered;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON Schema")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Ordered, E> {
        Ok(Ordered::plain(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Ordered, E> {
        Ok(Ordered::plain(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Ordered, E> {
        Ok(Ordered::plain(value))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Ordered, E> {
        Ok(Ordered::plain(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Ordered, E> {
        Ok(Ordered::plain(value))
    }

    fn visit_unit<E>(self) -> Result<Ordered, E> {
        Ok(Ordered::plain(Value::Null))
    }

    fn visit_none<E>(self) -> Result<Ordered, E> {
        Ok(Ordered::plain(Value::Null))
    }

    fn visit_some<D: Deserializer<'de>>(self, from: D) -> Result<Ordered, D::Error> {
        Ordered::deserialize(from)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Ordered, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element::<Ordered>()? {
            items.push(item.value);
        }
        Ok(Ordered::plain(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Ordered, A::Error> {
        let (mut object, mut keys, mut order) = (Map::new(), Vec::new(), None);
        while let Some((key, item)) = map.next_entry::<String, Ordered>()? {
            if key == "properties" && item.value.is_object() {
                order = Some(Value::from(item.keys));
            }
            keys.push(key.clone());
            object.insert(key, item.value);
        }
        if let Some(order) = order {
            object.entry(ORDER).or_insert(order);
        }
        Ok(Ordered { value: Value::Object(object), keys })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_order_of_properties_is_kept_beside_them() {
        let text = r#"{"properties": {"ten": {"type": "string"}, "ba": {"properties": {"z": {}, "a": true}}}}"#;
        let OrderedSchema(schema) = serde_json::from_str(text).unwrap();
        assert_eq!(schema["x-order"], json!(["ten", "ba"]));
        assert_eq!(schema["properties"]["ba"]["x-order"], json!(["z", "a"]));
        assert_eq!(schema["properties"]["ten"], json!({"type": "string"}));
    }

    #[test]
    fn an_order_that_was_written_stays() {
        let OrderedSchema(schema) =
            serde_json::from_str(r#"{"properties": {"a": {}, "b": {}}, "x-order": ["b", "a"]}"#)
                .unwrap();
        assert_eq!(schema["x-order"], json!(["b", "a"]));
    }
}
