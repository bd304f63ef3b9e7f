use std::collections::BTreeMap;

use serde_json::Value as Json;
use toml::{Table, Value};

use crate::{
    ConfigError, Layers, Origin, Problem, Section,
    error::nearest,
    layers::Leaves,
    print::print,
    schema::schema,
    section::{Declared, Wrong, read},
};

/// The settings, loaded and checked.
pub struct Settings {
    layers: Layers,
    leaves: Leaves,
    /// Each section as it is used, secrets hidden.
    shown: Vec<(&'static str, Table)>,
}

impl Settings {
    /// Lays the layers over each other and checks every declared section.
    pub fn load(layers: Layers) -> Result<Self, ConfigError> {
        let (leaves, mut problems) = layers.read();
        problems.extend(leaves.iter().filter_map(|(path, (_, origin))| {
            Some(astray(&layers.sections, path)?.from(Some(origin.clone())))
        }));
        let mut shown = Vec::new();
        for section in &layers.sections {
            match check(section, &leaves) {
                Ok(table) => shown.push((section.name, table)),
                Err(more) => problems.extend(more),
            }
        }
        if problems.is_empty() {
            Ok(Self { layers, leaves, shown })
        } else {
            Err(ConfigError { problems })
        }
    }

    /// The section `[name]`, which need not have been declared.
    pub fn section<T: Section>(&self, name: &'static str) -> Result<T, ConfigError> {
        let declared = Declared::of::<T>(name);
        fitting(&declared, &self.leaves)
            .and_then(|table| read(table).map_err(|wrong| told(&declared, &self.leaves, wrong)))
            .map_err(|problems| ConfigError { problems })
    }

    /// Where the value of `key` (`intake.max_papers`) came from, if any layer gave it.
    pub fn origin(&self, key: &str) -> Option<&Origin> {
        let path: Vec<String> = key.split('.').map(str::to_owned).collect();
        self.leaves.get(&path).map(|(_, origin)| origin)
    }

    /// All sections as TOML, secrets hidden; what differs from the built-in
    /// default tells where it came from.
    pub fn print(&self) -> String {
        print(&self.shown, &self.leaves)
    }

    /// The JSON Schema (2020-12) of a configuration file.
    pub fn schema(&self) -> Json {
        schema(&self.layers.sections, &self.layers.defaults)
    }
}

/// What is wrong with a value that belongs to no section.
fn astray(sections: &[Declared], path: &[String]) -> Option<Problem> {
    let (name, below) = path.split_first()?;
    if below.is_empty() {
        let mend = "write section.key, or MOTCUA__SECTION__KEY".to_owned();
        return Some(Problem::new(name, "is no key of a section").mend(Some(mend)));
    }
    if sections.iter().any(|section| section.name == name) {
        return None;
    }
    let mend = nearest(name, sections.iter().map(|section| section.name))
        .map(|near| format!("did you mean [{near}]?"));
    Some(Problem::new(path.join("."), format!("there is no section [{name}]")).mend(mend))
}

fn check(section: &Declared, leaves: &Leaves) -> Result<Table, Vec<Problem>> {
    let table = fitting(section, leaves)?;
    (section.check)(table).map_err(|wrong| told(section, leaves, wrong))
}

/// The section's table, or everything in it that does not fit by itself.
fn fitting(section: &Declared, leaves: &Leaves) -> Result<Table, Vec<Problem>> {
    let mut given: Given<'_> = leaves
        .iter()
        .filter(|(path, _)| path.len() > 1 && path[0] == section.name)
        .map(|(path, (value, origin))| (&path[1..], (value.clone(), origin)))
        .collect();
    let mut problems = Vec::new();
    while let Err(Wrong::Value { path, what }) = (section.check)(nested(&given)) {
        let blamed =
            |key: &&[String]| !path.is_empty() && (key.starts_with(&path) || path.starts_with(key));
        let culprit = given.keys().copied().find(blamed);
        let Some((key, (value, origin))) = culprit.and_then(|key| given.remove_entry(key)) else {
            break;
        };
        // A text stays one where the section takes it: a password `0123` is no number.
        match value.as_str().filter(|_| origin.is_untyped()).and_then(|text| text.parse().ok()) {
            Some(typed) => drop(given.insert(key, (typed, origin))),
            None => problems.push(problem(section, key, what).from(Some(origin.clone()))),
        }
    }
    if problems.is_empty() { Ok(nested(&given)) } else { Err(problems) }
}

/// What was given below one section.
type Given<'l> = BTreeMap<&'l [String], (Value, &'l Origin)>;

fn nested(given: &Given<'_>) -> Table {
    let mut root = Table::new();
    for (path, (value, _)) in given {
        let Some((last, above)) = path.split_last() else { continue };
        let table = above.iter().try_fold(&mut root, |table, key| {
            table.entry(key).or_insert_with(|| Table::new().into()).as_table_mut()
        });
        if let Some(table) = table {
            table.insert(last.clone(), value.clone());
        }
    }
    root
}

/// A problem in words; an unknown key is offered the nearest known one.
fn problem(section: &Declared, below: &[String], what: String) -> Problem {
    let key = format!("{}.{}", section.name, below.join("."));
    if !what.starts_with("unknown field") {
        return Problem::new(key, what);
    }
    let wrong = what.split('`').nth(1).unwrap_or_default().to_owned();
    let known: Vec<&str> = what.split('`').skip(3).step_by(2).collect();
    let mend = nearest(&wrong, known.iter().copied())
        .map(|near| format!("did you mean {near}?"))
        .or_else(|| (!known.is_empty()).then(|| format!("known are {}", known.join(", "))));
    Problem::new(key, "there is no such key").mend(mend)
}

fn told(section: &Declared, leaves: &Leaves, wrong: Wrong) -> Vec<Problem> {
    match wrong {
        Wrong::Value { path, what } => vec![problem(section, &path, what)],
        Wrong::Sense(all) => all
            .into_iter()
            .map(|message| {
                let (key, what) = message.split_once(": ").unwrap_or(("", &message));
                let path: Vec<String> = std::iter::once(section.name)
                    .chain(key.split('.'))
                    .map(str::to_owned)
                    .collect();
                match leaves.get(&path) {
                    Some((_, origin)) => {
                        Problem::new(path.join("."), what).from(Some(origin.clone()))
                    }
                    None => Problem::new(section.name, message.clone()),
                }
            })
            .collect(),
    }
}
