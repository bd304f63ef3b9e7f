use std::fmt;

use crate::Origin;

/// Everything that is wrong with the settings, so that one round mends it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct ConfigError {
    /// At least one.
    pub problems: Vec<Problem>,
}

/// One thing that is wrong with the settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The dotted key, `intake.max_papers`; empty where a whole layer cannot be read.
    pub key: String,
    /// The layer the value came from, where one did.
    pub origin: Option<Origin>,
    /// What is wrong.
    pub what: String,
    /// How to mend it, where that can be told.
    pub mend: Option<String>,
}

impl Problem {
    pub(crate) fn new(key: impl Into<String>, what: impl Into<String>) -> Self {
        Self { key: key.into(), origin: None, what: what.into(), mend: None }
    }

    pub(crate) fn from(mut self, origin: Option<Origin>) -> Self {
        self.origin = origin;
        self
    }

    pub(crate) fn mend(mut self, mend: Option<String>) -> Self {
        self.mend = mend;
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.key, &self.origin) {
            (key, None) if key.is_empty() => f.write_str(&self.what)?,
            (key, Some(origin)) if key.is_empty() => write!(f, "{origin}: {}", self.what)?,
            (key, Some(origin)) => write!(f, "{key} ({origin}): {}", self.what)?,
            (key, None) => write!(f, "{key}: {}", self.what)?,
        }
        match &self.mend {
            Some(mend) => write!(f, " — {mend}"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.problems.as_slice() {
            [one] => write!(f, "the configuration cannot be used: {one}"),
            many => {
                write!(f, "the configuration cannot be used, {} problems:", many.len())?;
                many.iter().try_for_each(|problem| write!(f, "\n  - {problem}"))
            }
        }
    }
}

impl From<Problem> for ConfigError {
    fn from(problem: Problem) -> Self {
        Self { problems: vec![problem] }
    }
}

/// The name among `known` that `name` was most likely meant to be.
pub(crate) fn nearest<'n>(name: &str, known: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    known
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(name, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= 1 + candidate.len() / 4)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_recognised_and_another_word_is_not() {
        assert_eq!(nearest("intkae", ["identity", "intake"]), Some("intake"));
        assert_eq!(nearest("max_paper", ["max_papers", "min_papers"]), Some("max_papers"));
        assert_eq!(nearest("payment", ["identity", "intake"]), None);
    }
}
