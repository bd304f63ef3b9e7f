use serde_json::Value as Json;
use toml::Table;

use crate::{
    ConfigError, Layers, Origin, Problem, Section,
    coerce::{at, put},
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
        let (leaves, mut problems) = layers.flatten();
        let unknown = leaves.0.iter().filter(|(path, _)| {
            layers.sections.iter().all(|section| Some(section.name) != path.first().map(|s| &**s))
        });
        for (path, (_, origin)) in unknown {
            let name = path.first().map_or("", String::as_str);
            let mend = nearest(name, layers.sections.iter().map(|s| s.name))
                .map(|near| format!("did you mean [{near}]?"));
            let what = format!("there is no section [{name}]");
            problems.push(Problem::new(path.join("."), what).from(Some(origin.clone())).mend(mend));
        }
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
        let (table, problems) = fitting(&declared, &self.leaves);
        if !problems.is_empty() {
            return Err(ConfigError { problems });
        }
        read(table).map_err(|wrong| ConfigError { problems: told(&declared, &self.leaves, wrong) })
    }

    /// Where the value of `key` (`intake.max_papers`) came from, if any layer gave it.
    pub fn origin(&self, key: &str) -> Option<&Origin> {
        let path: Vec<String> = key.split('.').map(str::to_owned).collect();
        self.leaves.0.get(&path).map(|(_, origin)| origin)
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

fn check(section: &Declared, leaves: &Leaves) -> Result<Table, Vec<Problem>> {
    let (table, problems) = fitting(section, leaves);
    match (section.check)(table) {
        Ok(shown) if problems.is_empty() => Ok(shown),
        // With values left out, what the whole says would mislead.
        _ if !problems.is_empty() => Err(problems),
        Ok(_) => Err(problems),
        Err(wrong) => Err(told(section, leaves, wrong)),
    }
}

/// The section's table without the values that do not fit, and what is wrong with those.
fn fitting(section: &Declared, leaves: &Leaves) -> (Table, Vec<Problem>) {
    let defaults = (section.defaults)();
    let mut table = Table::new();
    let mut waiting = Vec::new();
    for (path, (given, origin)) in &leaves.0 {
        let [first, below @ ..] = path.as_slice() else { continue };
        if first == section.name && !below.is_empty() {
            put(&mut table, below, given.value(at(&defaults, below)));
            waiting.push((below, given, origin));
        }
    }
    let mut problems = Vec::new();
    while let Err(Wrong::Value { path, what }) = (section.check)(table.clone()) {
        let culprit = waiting.iter().position(|(below, ..)| {
            !path.is_empty() && (below.starts_with(&path) || path.starts_with(below))
        });
        let Some((below, given, origin)) = culprit.map(|index| waiting.swap_remove(index)) else {
            break;
        };
        // "true" may be a name: a text that was read as something else is tried as a text.
        if let Some(text) = given.as_text()
            && at(&table, below).is_some_and(|value| !value.is_str())
        {
            let mut again = table.clone();
            put(&mut again, below, text.into());
            if !blames((section.check)(again.clone()), below) {
                table = again;
                continue;
            }
        }
        remove(&mut table, below);
        problems.push(problem(section, below, what).from(Some(origin.clone())));
    }
    (table, problems)
}

fn blames<T>(checked: Result<T, Wrong>, below: &[String]) -> bool {
    matches!(checked, Err(Wrong::Value { path, .. }) if path.starts_with(below))
}

fn remove(table: &mut Table, path: &[String]) {
    match path {
        [] => {}
        [last] => {
            table.remove(last);
        }
        [first, rest @ ..] => {
            if let Some(toml::Value::Table(inner)) = table.get_mut(first) {
                remove(inner, rest);
                if inner.is_empty() {
                    table.remove(first);
                }
            }
        }
    }
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
                match leaves.0.get(&path) {
                    Some((_, origin)) => {
                        Problem::new(path.join("."), what).from(Some(origin.clone()))
                    }
                    None => Problem::new(section.name, message.clone()),
                }
            })
            .collect(),
    }
}
