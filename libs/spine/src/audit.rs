use chrono::TimeDelta;
use motcua_audit::SealEvery;
use motcua_config::Section;
use serde::{Deserialize, Serialize};

/// `[audit]`: how often the record of who did what is sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AuditSettings {
    /// After so many rows.
    pub seal_rows: u32,
    /// Or so long after a row, in minutes.
    pub seal_minutes: u32,
}

impl Default for AuditSettings {
    fn default() -> Self {
        Self { seal_rows: 10_000, seal_minutes: 10 }
    }
}

impl Section for AuditSettings {
    fn validate(&self) -> Result<(), Vec<String>> {
        let wrong: Vec<_> = [("seal_rows", self.seal_rows), ("seal_minutes", self.seal_minutes)]
            .into_iter()
            .filter(|(_, value)| *value == 0)
            .map(|(key, _)| format!("{key}: must be at least 1"))
            .collect();
        if wrong.is_empty() { Ok(()) } else { Err(wrong) }
    }
}

impl AuditSettings {
    /// When it is sealed.
    pub fn every(&self) -> SealEvery {
        SealEvery {
            rows: self.seal_rows.into(),
            time: TimeDelta::minutes(self.seal_minutes.into()),
        }
    }

    /// What is older than this must have been sealed.
    pub fn overdue(&self) -> TimeDelta {
        self.every().time * 3
    }
}
