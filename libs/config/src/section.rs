use serde::{Serialize, de::DeserializeOwned};
use toml::Table;

/// One section of the settings, `[intake]`: a struct with
/// `#[serde(deny_unknown_fields, default)]` and a `Default`.
pub trait Section: Serialize + DeserializeOwned + Default + 'static {
    /// Checks what types cannot say, and tells everything that is wrong at
    /// once: `"max_papers: must be at least 1"`. Begin with the key, so that
    /// the layer it came from can be named.
    fn validate(&self) -> Result<(), Vec<String>> {
        Ok(())
    }
}

/// A section whose type is known by its functions alone.
#[derive(Clone, Copy)]
pub(crate) struct Declared {
    pub(crate) name: &'static str,
    pub(crate) defaults: fn() -> Table,
    /// The section as it would be used, secrets hidden, or why it cannot be.
    pub(crate) check: fn(Table) -> Result<Table, Wrong>,
}

/// Why a section's table cannot be used.
pub(crate) enum Wrong {
    /// The value at this path (below the section) does not fit.
    Value { path: Vec<String>, what: String },
    /// All values fit; together they make no sense.
    Sense(Vec<String>),
}

impl Declared {
    pub(crate) fn of<T: Section>(name: &'static str) -> Self {
        Self {
            name,
            defaults: || shown(&T::default()),
            check: |table| read::<T>(table).map(|section| shown(&section)),
        }
    }
}

pub(crate) fn read<T: Section>(table: Table) -> Result<T, Wrong> {
    let section: T = serde_path_to_error::deserialize(toml::Value::Table(table)).map_err(|e| {
        let mut path: Vec<String> = Vec::new();
        for segment in e.path() {
            match segment {
                serde_path_to_error::Segment::Map { key } => path.push(key.clone()),
                _ => break,
            }
        }
        let what = e.into_inner().message().to_owned();
        // For an unknown key the path ends at its table; its name is in the message alone.
        if let Some(name) = what.strip_prefix("unknown field `").and_then(|r| r.split('`').next())
            && path.last().is_none_or(|last| last != name)
        {
            path.push(name.to_owned());
        }
        Wrong::Value { path, what }
    })?;
    section.validate().map_err(Wrong::Sense)?;
    Ok(section)
}

/// The section as TOML; `Secret`s hide themselves. Absent options are left out.
fn shown<T: Section>(section: &T) -> Table {
    Table::try_from(section).unwrap_or_default()
}
