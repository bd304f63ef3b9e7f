//! Domain words and stored ones are the same: those of serde.

use motcua_fault::Fault;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

/// An enum's word, `fully_online`.
pub(super) fn word<T: Serialize>(value: &T) -> Result<String, Fault> {
    match serde_json::to_value(value) {
        Ok(Value::String(word)) => Ok(word),
        Ok(other) => Err(Fault::internal(format!("{other} is not stored as a word"))),
        Err(e) => Err(Fault::internal(e)),
    }
}

/// The enum of a word; one this binary does not know is our failure, not a panic.
pub(super) fn read<T: DeserializeOwned>(word: String) -> Result<T, Fault> {
    from_json(Value::String(word))
}

pub(super) fn to_json<T: Serialize>(value: &T) -> Result<Value, Fault> {
    serde_json::to_value(value).map_err(Fault::internal)
}

pub(super) fn from_json<T: DeserializeOwned>(value: Value) -> Result<T, Fault> {
    serde_json::from_value(value).map_err(Fault::internal)
}
