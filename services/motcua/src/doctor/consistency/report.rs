use std::collections::BTreeMap;

use serde_json::{Value, json};

/// Findings that are told; of more, their number.
const TOLD: usize = 1_000;

/// The name of the thing, and a word for what is wrong with it: what a finding is
/// known by when it is looked for again. Its text may count on meanwhile.
type Known = (String, &'static str);

/// What was counted, and what was found.
#[derive(Debug, Default)]
pub(crate) struct Report {
    counts: Vec<(&'static str, u64)>,
    /// What disagrees, and what to do.
    found: BTreeMap<Known, String>,
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

    /// Notes that something of this kind is wrong with the thing of this name, and
    /// what to do.
    pub(super) fn wrong(
        &mut self,
        name: impl Into<String>,
        kind: &'static str,
        wrong: impl Into<String>,
    ) {
        self.found.insert((name.into(), kind), wrong.into());
    }

    /// Whether anything is wrong.
    pub(crate) fn is_wrong(&self) -> bool {
        !self.found.is_empty()
    }

    /// The later look, with those findings alone that were there the first time too.
    pub(crate) fn seen_again(mut self, earlier: &Self) -> Self {
        self.found.retain(|known, _| earlier.found.contains_key(known));
        self
    }

    /// For people: a line a count, then a line a finding.
    pub(crate) fn lines(&self) -> Vec<String> {
        let counts = self.counts.iter().map(|(what, count)| format!("{count:>10}  {what}"));
        let told = self.found.iter().take(TOLD);
        let wrong = told.map(|((name, _), wrong)| format!("WRONG  {name}: {wrong}"));
        let untold = self.untold();
        let untold = (untold > 0).then(|| format!("WRONG  and {untold} more"));
        let well = (!self.is_wrong()).then(|| "ok     the stores agree".to_owned());
        counts.chain(wrong).chain(untold).chain(well).collect()
    }

    /// For programs.
    pub(crate) fn json(&self) -> Value {
        let counts: serde_json::Map<_, _> =
            self.counts.iter().map(|(what, count)| ((*what).to_owned(), json!(count))).collect();
        let told = self.found.iter().take(TOLD);
        let found: Vec<_> = told
            .map(|((name, kind), wrong)| json!({"name": name, "kind": kind, "wrong": wrong}))
            .collect();
        json!({"counts": counts, "findings": found, "untold": self.untold()})
    }

    fn untold(&self) -> usize {
        self.found.len().saturating_sub(TOLD)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Dossiers of these numbers wait, in a queue as long as it is now.
    fn look(numbers: std::ops::Range<usize>, long: usize) -> Report {
        let mut report = Report::default();
        for n in numbers {
            report.wrong(format!("dossiers/{n:05}"), "WAITS", format!("waits behind {long}"));
        }
        report
    }

    #[test]
    fn a_number_that_moves_hides_nothing() {
        let again = look(0..3, 8).seen_again(&look(1..5, 7));
        assert_eq!(
            again.lines(),
            ["WRONG  dossiers/00001: waits behind 8", "WRONG  dossiers/00002: waits behind 8"]
        );
        let mut other = Report::default();
        other.wrong("dossiers/00001", "GONE", "waits behind 7");
        assert!(!look(1..2, 7).seen_again(&other).is_wrong(), "not the same finding");
    }

    #[test]
    fn what_is_not_told_is_compared_and_counted() {
        let again = look(0..2 * TOLD, 8).seen_again(&look(TOLD + 500..3 * TOLD, 7));
        assert!(again.is_wrong());
        assert_eq!(again.json()["untold"], 0);
        assert_eq!(again.lines().len(), 500, "those that were there both times");
        let many = look(0..2 * TOLD + 7, 8);
        let lines = many.lines();
        assert_eq!(lines.len(), TOLD + 1);
        assert_eq!(lines[TOLD], "WRONG  and 1007 more");
        assert_eq!(many.json()["untold"], 1_007);
    }
}
