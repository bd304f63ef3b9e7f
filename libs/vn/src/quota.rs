//! Quotas: how a limit is shared among the steps of a process.
//!
//! A step has its own quota of working minutes, or takes part in a group whose
//! steps share one (eight steps of a People's Committee within seven days).
//! When a limit is shortened for online filing, the quotas are scaled alike.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{Timestamp, WorkingCalendar, policy::Fraction};

/// The quotas of one process, in working minutes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quotas {
    steps: BTreeMap<String, Share>,
    groups: BTreeMap<String, i64>,
}

/// What a step may take.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Share {
    /// So many working minutes of its own.
    Own(i64),
    /// What is left of the group's minutes.
    Group(String),
    /// Not counted, as handing over a result that is ready.
    Free,
}

/// What is wrong with a process's quotas.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QuotaProblem {
    /// A quota below one minute.
    #[error("Thời gian của «{0}» phải lớn hơn 0.")]
    NotPositive(String),
    /// A group that was not given its minutes.
    #[error("Bước «{step}» dùng chung nhóm thời gian «{group}» chưa được khai.")]
    UnknownGroup {
        /// The step.
        step: String,
        /// The group.
        group: String,
    },
    /// A group no step takes part in.
    #[error("Nhóm thời gian «{0}» không có bước nào.")]
    EmptyGroup(String),
    /// The steps take longer than the limit.
    #[error("Tổng thời gian các bước ({sum} phút) vượt thời hạn giải quyết ({limit} phút).")]
    OverLimit {
        /// The sum, in working minutes.
        sum: i64,
        /// The limit, in working minutes.
        limit: i64,
    },
}

impl Quotas {
    /// Checks the quotas on their own; answers everything that is wrong.
    pub fn new(
        steps: BTreeMap<String, Share>,
        groups: BTreeMap<String, i64>,
    ) -> Result<Self, Vec<QuotaProblem>> {
        let mut problems = Vec::new();
        let mut used = BTreeSet::new();
        for (step, share) in &steps {
            match share {
                Share::Own(minutes) if *minutes <= 0 => {
                    problems.push(QuotaProblem::NotPositive(step.clone()));
                }
                Share::Group(group) if !groups.contains_key(group) => {
                    let (step, group) = (step.clone(), group.clone());
                    problems.push(QuotaProblem::UnknownGroup { step, group });
                }
                Share::Group(group) => {
                    used.insert(group.as_str());
                }
                Share::Own(_) | Share::Free => {}
            }
        }
        for (group, minutes) in &groups {
            if *minutes <= 0 {
                problems.push(QuotaProblem::NotPositive(group.clone()));
            }
            if !used.contains(group.as_str()) {
                problems.push(QuotaProblem::EmptyGroup(group.clone()));
            }
        }
        if problems.is_empty() { Ok(Self { steps, groups }) } else { Err(problems) }
    }

    /// The working minutes of a way through the process; a group counts once.
    pub fn sum<'s>(&self, way: impl IntoIterator<Item = &'s str>) -> i64 {
        let mut groups = BTreeSet::new();
        (way.into_iter().filter_map(|step| self.steps.get(step)))
            .map(|share| match share {
                Share::Own(minutes) => *minutes,
                Share::Group(group) if groups.insert(group.as_str()) => {
                    self.groups.get(group).copied().unwrap_or_default()
                }
                Share::Group(_) | Share::Free => 0,
            })
            .sum()
    }

    /// Whether a way through the process fits a limit of working minutes.
    pub fn fits<'s>(
        &self,
        way: impl IntoIterator<Item = &'s str>,
        limit: i64,
    ) -> Result<(), QuotaProblem> {
        let sum = self.sum(way);
        if sum <= limit { Ok(()) } else { Err(QuotaProblem::OverLimit { sum, limit }) }
    }

    /// The quotas when the limit is shortened by a factor. `order` is the order
    /// of the steps: each end is rounded up, not each length, so that the
    /// whole is rounded up once.
    #[must_use]
    pub fn scaled<'s>(&self, factor: Fraction, order: impl IntoIterator<Item = &'s str>) -> Self {
        let mut scaled = self.clone();
        let mut end = 0;
        let mut shorten = |minutes: &mut i64| {
            let begin = factor.of(end);
            end += *minutes;
            *minutes = factor.of(end) - begin;
        };
        let mut done = BTreeSet::new();
        for step in order {
            match scaled.steps.get_mut(step) {
                Some(Share::Own(minutes)) => shorten(minutes),
                Some(Share::Group(group)) if done.insert(group.clone()) => {
                    if let Some(minutes) = scaled.groups.get_mut(group.as_str()) {
                        shorten(minutes);
                    }
                }
                Some(Share::Group(_) | Share::Free) | None => {}
            }
        }
        scaled
    }

    /// The working minutes a step has left, after what was spent in each step
    /// so far (its own earlier turns included, when work was sent back); none
    /// where its time is not counted.
    pub fn left<'s>(
        &self,
        step: &str,
        spent: impl IntoIterator<Item = (&'s str, i64)>,
    ) -> Option<i64> {
        let share = self.steps.get(step)?;
        let minutes = match share {
            Share::Own(minutes) => *minutes,
            Share::Group(group) => self.groups.get(group).copied()?,
            Share::Free => return None,
        };
        let together = |other: &str| match share {
            Share::Group(_) => self.steps.get(other) == Some(share),
            _ => other == step,
        };
        let used: i64 = spent
            .into_iter()
            .filter(|(other, _)| together(other))
            .map(|(_, minutes)| minutes)
            .sum();
        Some((minutes - used).max(0))
    }

    /// When a step is due that was entered at `entered` with so many minutes
    /// spent before; none where its time is not counted.
    pub fn due<'s>(
        &self,
        calendar: &WorkingCalendar,
        step: &str,
        entered: Timestamp,
        spent: impl IntoIterator<Item = (&'s str, i64)>,
    ) -> Option<Timestamp> {
        let minutes = self.left(step, spent)?;
        let from = calendar.effective(entered);
        Some(calendar.after(from, u32::try_from(minutes).unwrap_or(u32::MAX)))
    }
}
