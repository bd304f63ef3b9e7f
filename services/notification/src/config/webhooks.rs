use std::{path::PathBuf, time::Duration};

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use crate::domain::RetryRule;

/// How organisations' own systems are told.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct WebhooksConfig {
    /// How often telling one of some news is tried.
    pub attempts: u16,
    /// The wait after the first try, in seconds; it doubles with every try, and is up to a
    /// quarter shorter.
    pub first_wait_s: u32,
    /// The longest wait between tries, in seconds.
    pub longest_wait_s: u32,
    /// One that takes nothing for so many hours is turned off, and its owner told.
    pub off_after_h: u32,
    /// How long a secret counts beside the one that follows, in hours.
    pub overlap_h: u32,
    /// How long an answer is waited for, in seconds.
    pub answer_s: u32,
    /// A file with certificates of an authority, PEM, beside those the system trusts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ca: Option<PathBuf>,
    /// Whether addresses may lead anywhere, into private networks and in clear: for trying out
    /// and tests alone.
    pub anywhere: bool,
}

impl Default for WebhooksConfig {
    fn default() -> Self {
        Self {
            attempts: 14,
            first_wait_s: 30,
            longest_wait_s: 86_400,
            off_after_h: 120,
            overlap_h: 24,
            answer_s: 10,
            ca: None,
            anywhere: false,
        }
    }
}

impl WebhooksConfig {
    /// Everything that is wrong, each beginning with its key.
    pub(super) fn wrong(&self) -> Vec<String> {
        let rules = [
            ((1..=30).contains(&self.attempts), "webhooks.attempts: must be 1 to 30"),
            (
                self.first_wait_s >= 1 && self.first_wait_s <= self.longest_wait_s,
                "webhooks.first_wait_s: must be at least 1 and at most longest_wait_s",
            ),
            ((1..=720).contains(&self.off_after_h), "webhooks.off_after_h: must be 1 to 720"),
            ((1..=720).contains(&self.overlap_h), "webhooks.overlap_h: must be 1 to 720"),
            ((1..=30).contains(&self.answer_s), "webhooks.answer_s: must be 1 to 30"),
        ];
        rules.iter().filter(|(right, _)| !right).map(|(_, text)| (*text).to_owned()).collect()
    }

    /// How often, and how slowly, telling is tried.
    pub fn retry(&self) -> RetryRule {
        RetryRule {
            attempts: self.attempts,
            first_wait: TimeDelta::seconds(self.first_wait_s.into()),
            longest_wait: TimeDelta::seconds(self.longest_wait_s.into()),
        }
    }

    /// How long one may take nothing.
    pub fn patience(&self) -> TimeDelta {
        TimeDelta::hours(self.off_after_h.into())
    }

    /// How long a secret counts beside the one that follows.
    pub fn overlap(&self) -> TimeDelta {
        TimeDelta::hours(self.overlap_h.into())
    }

    /// How long an answer is waited for.
    pub fn answer(&self) -> Duration {
        Duration::from_secs(self.answer_s.into())
    }
}
