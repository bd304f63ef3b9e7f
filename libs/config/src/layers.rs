use std::{
    collections::BTreeMap,
    fmt, fs, iter,
    path::{Path, PathBuf},
    slice,
};

use config::{Config, Environment, FileFormat, Format, Map, Source, Value, ValueKind};

use crate::{Problem, Section, defaults::drift, section::Declared};

const PREFIX: &str = "MOTCUA__";
const SEPARATOR: &str = "__";
/// What `config::Environment` calls itself.
const ENVIRONMENT: &str = "the environment";
const COMMAND_LINE: &str = "--set";

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

impl Origin {
    fn of(value: &Value, path: &[String]) -> Self {
        let key = path.join(".");
        match value.origin() {
            None => Self::Default,
            Some(ENVIRONMENT) => {
                Self::Env(format!("{PREFIX}{}", key.to_uppercase().replace('.', SEPARATOR)))
            }
            Some(COMMAND_LINE) => Self::Set(key),
            Some(file) => Self::File(file.into()),
        }
    }

    /// Whether values from there are texts without a type.
    pub(crate) fn is_untyped(&self) -> bool {
        matches!(self, Self::Env(_) | Self::Set(_))
    }
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
    env: BTreeMap<String, String>,
    set: Vec<String>,
}

impl Layers {
    /// The lowest layer: TOML text in which every key is commented.
    pub fn new(defaults: impl Into<String>) -> Self {
        Self {
            defaults: defaults.into(),
            sections: Vec::new(),
            files: Vec::new(),
            env: BTreeMap::new(),
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
    pub(crate) fn read(&self) -> (Leaves, Vec<Problem>) {
        let mut layers = Config::builder();
        let mut problems = Vec::new();
        let files =
            self.files.iter().map(|path| (Origin::File(path.clone()), fs::read_to_string(path)));
        for (origin, text) in iter::once((Origin::Default, Ok(self.defaults.clone()))).chain(files)
        {
            match text.map_err(|e| e.to_string()).and_then(|text| Layer::toml(&origin, &text)) {
                Ok(layer) => layers = layers.add_source(layer),
                Err(what) => problems.push(Problem::new("", what).from(Some(origin))),
            }
        }
        // One by one: a source of several would have no order, and the last to speak wins.
        for (name, value) in &self.env {
            let one = Map::from([(name.clone(), value.clone())]);
            let env = Environment::with_prefix(PREFIX).prefix_separator("").separator(SEPARATOR);
            layers = layers.add_source(env.source(Some(one)));
        }
        for pair in &self.set {
            match pair.split_once('=') {
                Some((key, value)) => layers = layers.add_source(Layer::set(key.trim(), value)),
                None => problems.push(
                    Problem::new("", "has no value")
                        .from(Some(Origin::Set(pair.trim().to_owned())))
                        .mend(Some(format!("write --set {pair}=value"))),
                ),
            }
        }
        let mut leaves = Leaves::new();
        match layers.build() {
            Ok(config) => gather(&[], &config.cache, &mut leaves),
            Err(e) => problems.push(Problem::new("", e.to_string())),
        }
        (leaves, problems)
    }
}

/// A layer that has been read. `config::File` would look for files of other
/// names, name them from the working folder, and quote a broken line, which
/// may hold a secret.
#[derive(Debug, Clone)]
struct Layer(Value);

impl Layer {
    fn toml(origin: &Origin, text: &str) -> Result<Self, String> {
        let file = match origin {
            Origin::File(path) => Some(path.display().to_string()),
            _ => None,
        };
        let table = FileFormat::Toml.parse(file.as_ref(), text).map_err(|cause| {
            let Some(error) = cause.downcast_ref::<toml::de::Error>() else {
                return cause.to_string();
            };
            let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
            let line = before.split('\n').count();
            format!("line {line} is not TOML: {}", error.message())
        })?;
        Ok(Self(table.into()))
    }

    fn set(key: &str, text: &str) -> Self {
        let value = Value::new(Some(&COMMAND_LINE.to_owned()), text);
        Self(key.rsplit('.').fold(value, |below, key| Map::from([(key.to_owned(), below)]).into()))
    }
}

impl Source for Layer {
    fn clone_into_box(&self) -> Box<dyn Source + Send + Sync> {
        Box::new(self.clone())
    }

    fn collect(&self) -> Result<Map<String, Value>, config::ConfigError> {
        self.0.clone().into_table()
    }
}

/// Every value that was given, by its whole path, each with where it came from.
pub(crate) type Leaves = BTreeMap<Vec<String>, (toml::Value, Origin)>;

fn gather(path: &[String], value: &Value, leaves: &mut Leaves) {
    if let ValueKind::Table(table) = &value.kind {
        for (key, inner) in table {
            gather(&[path, slice::from_ref(key)].concat(), inner, leaves);
        }
    } else {
        let plain = value.clone().try_deserialize();
        let plain = plain.unwrap_or_else(|_| value.to_string().into());
        leaves.insert(path.to_owned(), (plain, Origin::of(value, path)));
    }
}
