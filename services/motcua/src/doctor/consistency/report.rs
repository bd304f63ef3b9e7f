use std::collections::BTreeSet;

use serde_json::{Value, json};

/// Findings that are told; of more, their number.
const TOLD: usize = 1_000;

/// What disagrees, by the name of the thing, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Disagreement {
    name: String,
    wrong: String,
}

/// What was counted, and what was found.
#[derive(Debug, Default)]
pub(crate) struct Report {
    counts: Vec<(&'static str, u64)>,
    found: BTreeSet<Disagreement>,
    untold: u64,
}

impl Report {
    /// Adds to a count; the first mention of a count gives it its place.
    pub(super) fn count(&mut self, what: &'static str, more: usize) {
        let more = more as u64;
        match self.counts.iter_mut().find(|(known, _)| *known == what) {
            Some((_, count)) => *count += more,
            None => self.counts.push((what, more)),
        }
    }

    /// Notes that something is wrong with the thing of this name, and what to do.
    pub(super) fn wrong(&mut self, name: impl Into<String>, wrong: impl Into<String>) {
        if self.found.len() < TOLD {
            self.found.insert(Disagreement { name: name.into(), wrong: wrong.into() });
        } else {
            self.untold += 1;
        }
    }

    /// Whether anything is wrong.
    pub(crate) fn is_wrong(&self) -> bool {
        !self.found.is_empty()
    }

    /// The later look, with those findings alone that were there the first time too.
    pub(crate) fn seen_again(self, earlier: &Self) -> Self {
        let found = self.found.intersection(&earlier.found).cloned().collect();
        // Where not all could be told, they cannot be compared: nothing is left out.
        let untold = self.untold.min(earlier.untold);
        Self { counts: self.counts, found, untold }
    }

    /// For people: a line a count, then a line a finding.
    pub(crate) fn lines(&self) -> Vec<String> {
        let counts = self.counts.iter().map(|(what, count)| format!("{count:>10}  {what}"));
        let wrong = self.found.iter().map(|at| format!("WRONG  {}: {}", at.name, at.wrong));
        let untold = (self.untold > 0).then(|| format!("WRONG  and {} more", self.untold));
        let well = (!self.is_wrong()).then(|| "ok     the stores agree".to_owned());
        counts.chain(wrong).chain(untold).chain(well).collect()
    }

    /// For programs.
    pub(crate) fn json(&self) -> Value {
        let counts: serde_json::Map<_, _> =
            self.counts.iter().map(|(what, count)| ((*what).to_owned(), json!(count))).collect();
        let found: Vec<_> =
            self.found.iter().map(|at| json!({"name": at.name, "wrong": at.wrong})).collect();
        json!({"counts": counts, "findings": found, "untold": self.untold})
    }
}
