use std::fmt::Write;

use toml::{Table, Value};

use crate::{Origin, layers::Leaves};

pub(crate) fn print(sections: &[(&'static str, Table)], leaves: &Leaves) -> String {
    let mut out = String::new();
    for (name, table) in sections {
        section(&mut out, &[(*name).to_owned()], table, leaves);
    }
    out
}

/// First the section's own values, then its tables: TOML wants it so.
fn section(out: &mut String, path: &[String], table: &Table, leaves: &Leaves) {
    let (tables, values): (Vec<_>, Vec<_>) = table.iter().partition(|(_, v)| v.is_table());
    if !values.is_empty() || tables.is_empty() {
        let gap = if out.is_empty() { "" } else { "\n" };
        let _ =
            writeln!(out, "{gap}[{}]", path.iter().map(|p| bare(p)).collect::<Vec<_>>().join("."));
    }
    for (key, value) in values {
        let whole = [path, std::slice::from_ref(key)].concat();
        // A secret in a file was given one step deeper than it is shown.
        let origin = leaves.iter().find(|(leaf, _)| leaf.starts_with(&whole)).map(|(_, v)| &v.1);
        let note = match origin {
            None | Some(Origin::Default) => String::new(),
            Some(origin) => format!("  # {origin}"),
        };
        let _ = writeln!(out, "{} = {value}{note}", bare(key));
    }
    for (key, value) in tables {
        if let Value::Table(inner) = value {
            section(out, &[path, std::slice::from_ref(key)].concat(), inner, leaves);
        }
    }
}

/// A key as TOML writes it: quoted where it has to be.
fn bare(key: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if !key.is_empty() && key.chars().all(plain) {
        key.to_owned()
    } else {
        Value::String(key.to_owned()).to_string()
    }
}
