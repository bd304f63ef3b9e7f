//! The process as a graph: what is reached, what ends, how long the longest way is.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::{Process, Step};

/// Paths looked at before a process is called too tangled to be checked.
const MOST_PATHS: usize = 100_000;

pub(super) struct Graph<'a> {
    steps: &'a [Step],
    index: BTreeMap<&'a str, usize>,
    groups: BTreeMap<&'a str, i64>,
}

impl<'a> Graph<'a> {
    pub(super) fn of(process: &'a Process) -> Self {
        Self {
            steps: &process.steps,
            index: process.steps.iter().enumerate().map(|(i, s)| (s.code.as_str(), i)).collect(),
            groups: process.groups.iter().map(|g| (g.code.as_str(), g.quota_minutes)).collect(),
        }
    }

    fn next(&self, step: usize) -> impl Iterator<Item = usize> + '_ {
        self.steps[step].next.iter().filter_map(|code| self.index.get(code.as_str()).copied())
    }

    /// Steps that processing can come to from the first one, not going beyond
    /// those that `stop`.
    pub(super) fn reached(&self, stop: impl Fn(&Step) -> bool) -> BTreeSet<usize> {
        let mut reached = BTreeSet::new();
        let mut ahead = vec![0];
        while let Some(step) = ahead.pop() {
            if step < self.steps.len() && !stop(&self.steps[step]) && reached.insert(step) {
                ahead.extend(self.next(step));
            }
        }
        reached
    }

    /// Steps from which the result at the desk can be reached.
    pub(super) fn ending(&self) -> BTreeSet<usize> {
        let mut ending: BTreeSet<usize> =
            (0..self.steps.len()).filter(|s| self.steps[*s].next.is_empty()).collect();
        loop {
            let more: Vec<usize> = (0..self.steps.len())
                .filter(|s| !ending.contains(s) && self.next(*s).any(|n| ending.contains(&n)))
                .collect();
            if more.is_empty() {
                return ending;
            }
            ending.extend(more);
        }
    }

    /// Working minutes of the longest way through, no step walked twice and
    /// each group's quota counted once. None where there are too many ways.
    pub(super) fn longest(&self) -> Option<i64> {
        let mut walk = Walk { graph: self, left: MOST_PATHS, longest: 0 };
        walk.from(0, &mut BTreeSet::new(), &mut Vec::new(), 0).then_some(walk.longest)
    }
}

struct Walk<'g, 'a> {
    graph: &'g Graph<'a>,
    left: usize,
    longest: i64,
}

impl<'a> Walk<'_, 'a> {
    fn from(
        &mut self,
        step: usize,
        seen: &mut BTreeSet<usize>,
        groups: &mut Vec<&'a str>,
        before: i64,
    ) -> bool {
        let Some(here) = self.graph.steps.get(step) else { return true };
        if self.left == 0 {
            return false;
        }
        self.left -= 1;
        let group = here.group.as_deref().filter(|g| !groups.contains(g));
        let quota = match (&here.group, group) {
            (None, _) => here.quota_minutes,
            (Some(_), Some(first)) => self.graph.groups.get(first).copied().unwrap_or(0),
            (Some(_), None) => 0,
        };
        let total = before.saturating_add(quota);
        self.longest = self.longest.max(total);
        seen.insert(step);
        groups.extend(group);
        let graph = self.graph;
        let done = graph
            .next(step)
            .filter(|next| !seen.contains(next))
            .collect::<Vec<_>>()
            .into_iter()
            .all(|next| self.from(next, seen, groups, total));
        if group.is_some() {
            groups.pop();
        }
        seen.remove(&step);
        done
    }
}
