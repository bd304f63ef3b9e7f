//! The `[catalog]` section of the configuration.

use motcua_config::Section;
use serde::{Deserialize, Serialize};

/// How the catalog is run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Versions kept in memory; they never change, so they are kept until others push them out.
    pub versions_in_memory: u64,
    /// The largest file that can be imported, in MiB.
    pub import_limit_mib: usize,
}

impl Default for Config {
    fn default() -> Self {
        Self { versions_in_memory: 500, import_limit_mib: 32 }
    }
}

impl Section for Config {
    fn validate(&self) -> Result<(), Vec<String>> {
        let mut wrong = Vec::new();
        if self.versions_in_memory == 0 {
            wrong.push("versions_in_memory: must be at least 1".to_owned());
        }
        if !(1..=256).contains(&self.import_limit_mib) {
            wrong.push("import_limit_mib: must be between 1 and 256".to_owned());
        }
        if wrong.is_empty() { Ok(()) } else { Err(wrong) }
    }
}
