use serde::{Serialize, de::DeserializeOwned};
use serde_path_to_error::Segment;
use toml::{Table, Value};

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
    let section: T = parse(table.clone()).map_err(|(mut path, what)| {
        let what = words::<T>(table, &path).unwrap_or(what);
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

/// The section, or what is wrong with it and where.
fn parse<T: Section>(table: Table) -> Result<T, (Vec<String>, String)> {
    serde_path_to_error::deserialize(Value::Table(table)).map_err(|error| {
        let keys = error.path().iter().map_while(|segment| match segment {
            Segment::Map { key } => Some(key.clone()),
            _ => None,
        });
        (keys.collect(), error.into_inner().message().to_owned())
    })
}

/// What is told of a setting that takes one of few words where there is none, `true` or `1`: which it
/// takes, as if it were written between quotation marks.
fn words<T: Section>(mut table: Table, path: &[String]) -> Option<String> {
    let (last, above) = path.split_last()?;
    let mut within = &mut table;
    for key in above {
        within = within.get_mut(key)?.as_table_mut()?;
    }
    let value = within.get_mut(last)?;
    if !matches!(value, Value::Boolean(_) | Value::Integer(_) | Value::Float(_)) {
        return None;
    }
    *value = Value::String(value.to_string());
    let (again, what) = parse::<T>(table).err()?;
    (again == path && what.starts_with("unknown variant")).then_some(what)
}

/// The section as TOML; `Secret`s hide themselves. Absent options are left out.
fn shown<T: Section>(section: &T) -> Table {
    Table::try_from(section).unwrap_or_default()
}
