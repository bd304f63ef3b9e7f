//! What the comments of the default text say of each key.

use std::collections::BTreeMap;

use toml::{Table, Value};

use crate::section::Declared;

/// A key of the default text: what its comment says, and, where the key itself
/// is commented out (`# key = value`), an example of it.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Described {
    pub(crate) comment: String,
    pub(crate) example: Option<Value>,
}

/// All keys and sections the default text describes, by dotted path.
pub(crate) fn describe(text: &str) -> BTreeMap<String, Described> {
    let mut described = BTreeMap::new();
    let mut section = String::new();
    let mut comment: Vec<&str> = Vec::new();
    for line in text.lines().map(str::trim) {
        // A section that is commented out is one all the same: its keys are no other's.
        if let Some(name) = heading(line.strip_prefix('#').unwrap_or(line)) {
            name.clone_into(&mut section);
            let comment = said(&mut comment);
            described.insert(section.clone(), Described { comment, example: None });
        } else if let Some(words) = line.strip_prefix('#') {
            match assignment(words.trim()) {
                Some((key, value)) => {
                    let comment = said(&mut comment);
                    described.insert(
                        format!("{section}.{key}"),
                        Described { comment, example: Some(value) },
                    );
                }
                None => comment.push(words.trim()),
            }
        } else if let Some((key, _)) = line.split_once('=') {
            let comment = said(&mut comment);
            described
                .insert(format!("{section}.{}", key.trim()), Described { comment, example: None });
        } else {
            comment.clear();
        }
    }
    described
}

/// Where the default text and the sections' own `Default` part.
pub(crate) fn drift(sections: &[Declared], text: &str) -> Vec<String> {
    let described = describe(text);
    let written: Table = text.parse().unwrap_or_default();
    let mut found = Vec::new();
    for section in sections {
        let own = written.get(section.name).and_then(Value::as_table);
        compare(section.name, &(section.defaults)(), own, &described, &mut found);
    }
    found
}

fn compare(
    path: &str,
    defaults: &Table,
    written: Option<&Table>,
    described: &BTreeMap<String, Described>,
    found: &mut Vec<String>,
) {
    for (key, default) in defaults {
        let path = format!("{path}.{key}");
        let written = written.and_then(|table| table.get(key));
        match (default, written) {
            (Value::Table(inner), _) => {
                compare(&path, inner, written.and_then(Value::as_table), described, found);
            }
            (_, None) => found.push(format!("{path}: is missing; its default is {default}")),
            (_, Some(other)) if other != default => {
                found.push(format!("{path}: is {other}; its default is {default}"));
            }
            _ if described.get(&path).is_none_or(|about| about.comment.is_empty()) => {
                found.push(format!("{path}: has no comment"));
            }
            _ => {}
        }
    }
}

fn said(comment: &mut Vec<&str>) -> String {
    std::mem::take(comment).join(" ").trim().to_owned()
}

/// `[section]`, by its name.
fn heading(line: &str) -> Option<&str> {
    let name = line.trim().strip_prefix('[')?.strip_suffix(']')?;
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '.';
    name.chars().all(plain).then_some(name)
}

/// `key = value` in a comment, if it is one and no prose with an equals sign.
fn assignment(words: &str) -> Option<(String, Value)> {
    let (key, _) = words.split_once('=')?;
    let key = key.trim();
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if key.is_empty() || !key.chars().all(plain) {
        return None;
    }
    let mut table: Table = words.parse().ok()?;
    Some((key.to_owned(), table.remove(key)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_describe_the_key_below_them() {
        let text = "# Papers.\n[intake]\n# How many papers\n# a dossier may hold.\nmax = 5\n\n\
                    # Not of the next key.\n\nplain = 1\n# Where traces go.\n# otlp = \"http://a\"\n";
        let described = describe(text);
        assert_eq!(described["intake"].comment, "Papers.");
        assert_eq!(described["intake.max"].comment, "How many papers a dossier may hold.");
        assert_eq!(described["intake.plain"].comment, "");
        assert_eq!(
            described["intake.otlp"],
            Described { comment: "Where traces go.".to_owned(), example: Some("http://a".into()) }
        );
        let off = describe("[a]\n# One.\nkey = 1\n# Another.\n# [a.b]\n# key = 2\n");
        assert_eq!((&*off["a.key"].comment, &*off["a.b"].comment), ("One.", "Another."));
        assert_eq!(off["a.b.key"].example, Some(2.into()));
    }
}
