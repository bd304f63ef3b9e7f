use std::{
    collections::BTreeMap,
    fmt, fs,
    path::{Path, PathBuf},
};

use toml::{Table, Value};

use crate::{Problem, Section, coerce::Given, defaults::drift, section::Declared};

const PREFIX: &str = "MOTCUA__";

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// The defaults built into the program.
    Default,
    /// A file given with `--config`.
    File(PathBuf),
    /// An environment variable.
    Env(String),
    /// `--set key=value`.
    Set(String),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("the built-in default"),
            Self::File(path) => write!(f, "file {}", path.display()),
            Self::Env(name) => write!(f, "environment {name}"),
            Self::Set(key) => write!(f, "--set {key}"),
        }
    }
}

/// The layers to load, lowest first, and the sections they may speak of.
#[derive(Clone)]
pub struct Layers {
    pub(crate) defaults: String,
    pub(crate) sections: Vec<Declared>,
    files: Vec<PathBuf>,
    env: Vec<(String, String)>,
    set: Vec<String>,
}

impl Layers {
    /// The lowest layer: TOML text in which every key is commented.
    pub fn new(defaults: impl Into<String>) -> Self {
        Self {
            defaults: defaults.into(),
            sections: Vec::new(),
            files: Vec::new(),
            env: Vec::new(),
            set: Vec::new(),
        }
    }

    /// Says that there is a section `[name]` of this type.
    #[must_use]
    pub fn declare<T: Section>(mut self, name: &'static str) -> Self {
        self.sections.push(Declared::of::<T>(name));
        self
    }

    /// Adds files, the later above the earlier.
    #[must_use]
    pub fn files<P: AsRef<Path>>(mut self, paths: impl IntoIterator<Item = P>) -> Self {
        self.files.extend(paths.into_iter().map(|path| path.as_ref().to_owned()));
        self
    }

    /// Adds this process's environment: `MOTCUA__INTAKE__MAX_PAPERS=20`.
    #[must_use]
    pub fn process_env(self) -> Self {
        // A name or value that is not Unicode cannot be ours; `vars` would panic on it.
        let all = std::env::vars_os();
        self.env(all.filter_map(|(k, v)| Some((k.into_string().ok()?, v.into_string().ok()?))))
    }

    /// Adds variables as [`Self::process_env`] would; those that are not ours are left out.
    #[must_use]
    pub fn env<K: Into<String>, V: Into<String>>(
        mut self,
        variables: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        let ours = variables.into_iter().map(|(k, v)| (k.into(), v.into()));
        self.env.extend(ours.filter(|(name, _)| name.starts_with(PREFIX)));
        // The environment has no order of its own; errors should.
        self.env.sort();
        self
    }

    /// Adds `key=value` pairs from the command line, the later above the earlier.
    #[must_use]
    pub fn set<S: Into<String>>(mut self, pairs: impl IntoIterator<Item = S>) -> Self {
        self.set.extend(pairs.into_iter().map(Into::into));
        self
    }

    /// Where the default text and the sections' own `Default` part: a key that
    /// is missing or uncommented in the text, or has another value there.
    /// A test of the program keeps this empty.
    pub fn drift(&self) -> Vec<String> {
        drift(&self.sections, &self.defaults)
    }

    /// Lays all layers over each other, and tells which could not be read.
    pub(crate) fn flatten(&self) -> (Leaves, Vec<Problem>) {
        let mut leaves = Leaves::default();
        let mut problems = Vec::new();
        match self.defaults.parse::<Table>() {
            Ok(table) => leaves.lay(table, &Origin::Default),
            Err(e) => problems.push(unreadable(Origin::Default, &e, &self.defaults)),
        }
        for path in &self.files {
            let origin = Origin::File(path.clone());
            match fs::read_to_string(path) {
                Err(e) => problems.push(Problem::new("", e.to_string()).from(Some(origin))),
                Ok(text) => match text.parse::<Table>() {
                    Ok(table) => leaves.lay(table, &origin),
                    Err(e) => problems.push(unreadable(origin, &e, &text)),
                },
            }
        }
        for (name, value) in &self.env {
            let key = name[PREFIX.len()..].to_lowercase();
            let path = key.split("__").map(str::to_owned).collect();
            if let Err(problem) = leaves.give(path, value, Origin::Env(name.clone())) {
                problems.push(problem);
            }
        }
        for pair in &self.set {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            let path = key.trim().split('.').map(str::to_owned).collect();
            let origin = Origin::Set(key.trim().to_owned());
            if !pair.contains('=') {
                let what = "has no value";
                problems.push(
                    Problem::new("", what)
                        .from(Some(origin))
                        .mend(Some(format!("write --set {key}=value"))),
                );
            } else if let Err(problem) = leaves.give(path, value, origin) {
                problems.push(problem);
            }
        }
        (leaves, problems)
    }
}

/// The parser's own message would quote the line, which may hold a secret.
fn unreadable(origin: Origin, error: &toml::de::Error, text: &str) -> Problem {
    let at = error.span().map_or(0, |span| span.start).min(text.len());
    let line = text.get(..at).map_or(1, |before| before.split('\n').count());
    Problem::new("", format!("line {line} is not TOML: {}", error.message())).from(Some(origin))
}

/// Every value that was given, by its whole path, each with where it came from.
#[derive(Debug, Clone, Default)]
pub(crate) struct Leaves(pub(crate) BTreeMap<Vec<String>, (Given, Origin)>);

impl Leaves {
    fn lay(&mut self, table: Table, origin: &Origin) {
        self.lay_below(&[], table, origin);
    }

    fn lay_below(&mut self, above: &[String], table: Table, origin: &Origin) {
        for (key, value) in table {
            let path = [above, &[key]].concat();
            match value {
                Value::Table(inner) => {
                    // A table over a scalar replaces it: `key = "…"` by `key.file = "…"`.
                    self.0.remove(&path);
                    self.lay_below(&path, inner, origin);
                }
                leaf => self.put(path, Given::Value(leaf), origin.clone()),
            }
        }
    }

    fn give(&mut self, path: Vec<String>, text: &str, origin: Origin) -> Result<(), Problem> {
        if path.len() < 2 || path.iter().any(String::is_empty) {
            return Err(Problem::new("", "names no key of a section")
                .from(Some(origin))
                .mend(Some("write section.key, or MOTCUA__SECTION__KEY".to_owned())));
        }
        self.put(path, Given::Text(text.to_owned()), origin);
        Ok(())
    }

    fn put(&mut self, path: Vec<String>, given: Given, origin: Origin) {
        self.0.retain(|other, _| !other.starts_with(&path) && !path.starts_with(other));
        self.0.insert(path, (given, origin));
    }
}
