//! Enums as words and facts as JSON text. A word nobody knows is a fault of
//! that row, never a crash.

use motcua_fault::Fault;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

/// `Overdue` as `overdue`.
pub(super) fn word<T: Serialize>(value: &T) -> Result<String, Fault> {
    match serde_json::to_value(value).map_err(Fault::internal)? {
        Value::String(word) => Ok(word),
        // An enum variant with facts is named by its tag.
        Value::Object(map) => Ok(map.into_iter().next().map(|(tag, _)| tag).unwrap_or_default()),
        _ => Err(Fault::internal("a value that is no word")),
    }
}

/// Reads what [`word`] wrote.
pub(super) fn from_word<T: DeserializeOwned>(word: &str) -> Result<T, Fault> {
    serde_json::from_value(Value::String(word.to_owned())).map_err(Fault::internal)
}

/// Facts as JSON text.
pub(super) fn json<T: Serialize>(value: &T) -> Result<String, Fault> {
    serde_json::to_string(value).map_err(Fault::internal)
}

/// Reads what [`json`] wrote.
pub(super) fn from_json<T: DeserializeOwned>(text: &str) -> Result<T, Fault> {
    serde_json::from_str(text).map_err(Fault::internal)
}
