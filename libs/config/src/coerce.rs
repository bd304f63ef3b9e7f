//! Texts from the environment and the command line have no type: the section's default has.

use toml::{Table, Value};

/// A value as a layer gave it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Given {
    /// From TOML, with its type.
    Value(Value),
    /// From the environment or the command line.
    Text(String),
}

impl Given {
    /// The value this was meant to be, where the default is `like`.
    ///
    /// A text stays text where the default is one: a password `0123` is no number.
    pub(crate) fn value(&self, like: Option<&Value>) -> Value {
        match self {
            Self::Value(value) => value.clone(),
            Self::Text(text) if matches!(like, Some(Value::String(_))) => text.clone().into(),
            Self::Text(text) => parsed(text).unwrap_or_else(|| text.clone().into()),
        }
    }

    /// The text itself, where the parsed value did not fit.
    pub(crate) fn as_text(&self) -> Option<&str> {
        match self {
            Self::Value(_) => None,
            Self::Text(text) => Some(text),
        }
    }
}

fn parsed(text: &str) -> Option<Value> {
    let mut table: Table = format!("value = {text}").parse().ok()?;
    if table.len() == 1 { table.remove("value") } else { None }
}

/// The value at `path`.
pub(crate) fn at<'t>(table: &'t Table, path: &[String]) -> Option<&'t Value> {
    let (last, above) = path.split_last()?;
    above.iter().try_fold(table, |table, key| table.get(key)?.as_table())?.get(last)
}

/// Puts `value` at `path`, making the tables above it.
pub(crate) fn put(table: &mut Table, path: &[String], value: Value) {
    match path {
        [] => {}
        [last] => {
            table.insert(last.clone(), value);
        }
        [first, rest @ ..] => {
            let inner = table.entry(first).or_insert_with(|| Table::new().into());
            if let Value::Table(inner) = inner {
                put(inner, rest, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_tells_what_a_text_is() {
        let text = |t: &str| Given::Text(t.to_owned());
        assert_eq!(text("0123").value(Some(&"x".into())), "0123".into());
        assert_eq!(text("20").value(Some(&5.into())), 20.into());
        assert_eq!(text("true").value(None), true.into());
        assert_eq!(text("[1, 2]").value(None), Value::Array(vec![1.into(), 2.into()]));
        assert_eq!(text("http://a/b").value(None), "http://a/b".into());
        assert_eq!(text("1\nother = 2").value(None), "1\nother = 2".into());
    }
}
