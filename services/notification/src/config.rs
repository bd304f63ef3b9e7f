//! `[notification]` of the configuration.

use std::path::PathBuf;

use chrono::{NaiveTime, TimeDelta};
use motcua_config::Section;
use serde::{Deserialize, Serialize};

use crate::domain::{QuietHours, RetryRule};

/// How messages go out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct NotificationConfig {
    /// How often handing over a message is tried.
    pub attempts: u16,
    /// The wait after the first try, in seconds; it doubles with every try.
    pub first_wait_s: u32,
    /// The longest wait between tries, in seconds.
    pub longest_wait_s: u32,
    /// Hours in which no short message is handed over, local, `HH:MM`; both or none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quiet_from: Option<String>,
    /// When they end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quiet_until: Option<String>,
    /// A folder for `spool.jsonl`, to which handed-over messages are appended in
    /// clear: for demonstrations and tests alone, since it holds personal data.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spool_dir: Option<PathBuf>,
}

impl Default for NotificationConfig {
    fn default() -> Self {
        Self {
            attempts: 8,
            first_wait_s: 30,
            longest_wait_s: 3_600,
            quiet_from: None,
            quiet_until: None,
            spool_dir: None,
        }
    }
}

impl Section for NotificationConfig {
    fn validate(&self) -> Result<(), Vec<String>> {
        let good = |time: &Option<String>| time.as_deref().is_none_or(|t| clock(t).is_some());
        let rules = [
            ((1..=30).contains(&self.attempts), "attempts: must be 1 to 30"),
            (
                self.first_wait_s >= 1 && self.first_wait_s <= self.longest_wait_s,
                "first_wait_s: must be at least 1 and at most longest_wait_s",
            ),
            (good(&self.quiet_from), "quiet_from: must be HH:MM"),
            (good(&self.quiet_until), "quiet_until: must be HH:MM"),
            (
                self.quiet_from.is_some() == self.quiet_until.is_some(),
                "quiet_from: is set together with quiet_until",
            ),
        ];
        let wrong: Vec<String> =
            rules.iter().filter(|(right, _)| !right).map(|(_, text)| (*text).to_owned()).collect();
        if wrong.is_empty() { Ok(()) } else { Err(wrong) }
    }
}

impl NotificationConfig {
    /// How often, and how slowly, handing over is tried.
    pub fn retry(&self) -> RetryRule {
        RetryRule {
            attempts: self.attempts,
            first_wait: TimeDelta::seconds(self.first_wait_s.into()),
            longest_wait: TimeDelta::seconds(self.longest_wait_s.into()),
        }
    }

    /// The quiet hours, if there are any.
    pub fn quiet(&self) -> Option<QuietHours> {
        let from = self.quiet_from.as_deref().and_then(clock)?;
        let until = self.quiet_until.as_deref().and_then(clock)?;
        Some(QuietHours { from, until })
    }
}

fn clock(text: &str) -> Option<NaiveTime> {
    NaiveTime::parse_from_str(text, "%H:%M").ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_is_right_and_nonsense_is_told_all_at_once() {
        assert_eq!(NotificationConfig::default().validate(), Ok(()));
        assert_eq!(NotificationConfig::default().quiet(), None);
        let wrong = NotificationConfig {
            attempts: 0,
            first_wait_s: 0,
            quiet_from: Some("9 giờ".into()),
            ..Default::default()
        };
        assert_eq!(wrong.validate().unwrap_err().len(), 4);
    }

    #[test]
    fn quiet_hours_are_read() {
        let config = NotificationConfig {
            quiet_from: Some("21:00".into()),
            quiet_until: Some("07:00".into()),
            ..Default::default()
        };
        assert_eq!(config.validate(), Ok(()));
        assert!(config.quiet().is_some());
    }
}
