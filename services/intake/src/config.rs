//! The `[intake]` section of the settings.

use std::time::Duration;

use motcua_config::Section;
use motcua_vn::MintPattern;
use serde::{Deserialize, Serialize};

/// What a province decides about receiving dossiers.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct IntakeConfig {
    /// How dossier codes are written: `{identifier}-{yyMMdd}-{n:0>4}`.
    pub code_pattern: MintPattern,
    /// The first order number of a day.
    pub code_start: u32,
    /// The largest paper, in MiB.
    pub max_paper_mib: u32,
    /// Files of one component.
    pub max_files_per_paper: u32,
    /// How long a picture sent through Zalo waits for its sender's word, in hours.
    pub offer_hours: u32,
    /// Papers of one dossier.
    pub max_papers: u32,
    /// The form's answers, in KiB.
    pub max_answers_kib: u32,
    /// How long an upload or a download may take, in seconds, where the caller says nothing.
    pub transfer_seconds: u32,
    /// The longest a caller may ask for, in seconds.
    pub longest_transfer_seconds: u32,
    /// How often a citizen may be asked before acceptance, and again during
    /// processing. The law does not let people be sent back more than twice.
    pub supplement_rounds: u32,
    /// Days after the result was returned until a dossier closes by itself.
    pub close_after_days: u32,
    /// Days after it was begun until a draft is thrown away.
    pub draft_days: u32,
    /// Drafts of one account.
    pub max_drafts: u32,
    /// Public look-ups of one code in a minute.
    pub look_ups_per_code: u32,
    /// Public look-ups of one code in a day.
    pub look_ups_per_code_daily: u32,
    /// Public look-ups from one address in a minute.
    pub look_ups_per_address: u32,
    /// Seconds for which agencies and clock rules of the catalog are remembered.
    pub catalog_seconds: u32,
}

impl Default for IntakeConfig {
    fn default() -> Self {
        Self {
            code_pattern: MintPattern::default(),
            code_start: 1,
            max_paper_mib: 20,
            max_files_per_paper: 10,
            offer_hours: 72,
            max_papers: 60,
            max_answers_kib: 256,
            transfer_seconds: 120,
            longest_transfer_seconds: 900,
            supplement_rounds: 2,
            close_after_days: 15,
            draft_days: 90,
            max_drafts: 50,
            look_ups_per_code: 5,
            look_ups_per_code_daily: 100,
            look_ups_per_address: 30,
            catalog_seconds: 60,
        }
    }
}

impl IntakeConfig {
    /// The time a transfer gets: what was asked for, within bounds.
    pub fn transfer_time(&self, asked: Option<Duration>) -> Duration {
        let longest = Duration::from_secs(self.longest_transfer_seconds.into());
        asked.unwrap_or(Duration::from_secs(self.transfer_seconds.into())).min(longest)
    }

    /// The largest paper, in octets.
    pub fn max_paper_bytes(&self) -> u64 {
        u64::from(self.max_paper_mib) << 20
    }
}

impl Section for IntakeConfig {
    fn validate(&self) -> Result<(), Vec<String>> {
        let positive = [
            ("code_start", self.code_start),
            ("max_paper_mib", self.max_paper_mib),
            ("max_files_per_paper", self.max_files_per_paper),
            ("offer_hours", self.offer_hours),
            ("max_papers", self.max_papers),
            ("max_answers_kib", self.max_answers_kib),
            ("transfer_seconds", self.transfer_seconds),
            ("supplement_rounds", self.supplement_rounds),
            ("close_after_days", self.close_after_days),
            ("draft_days", self.draft_days),
            ("look_ups_per_code", self.look_ups_per_code),
            ("look_ups_per_code_daily", self.look_ups_per_code_daily),
            ("look_ups_per_address", self.look_ups_per_address),
        ];
        let mut wrong: Vec<_> = positive
            .into_iter()
            .filter(|(_, value)| *value == 0)
            .map(|(key, _)| format!("{key}: must be at least 1"))
            .collect();
        if self.offer_hours > 720 {
            wrong.push("offer_hours: must be at most 720".to_owned());
        }
        if self.longest_transfer_seconds < self.transfer_seconds {
            wrong.push("longest_transfer_seconds: must not be below transfer_seconds".to_owned());
        }
        if self.max_answers_kib > 3072 {
            wrong.push("max_answers_kib: a request holds at most 4 MiB, so 3072".to_owned());
        }
        if wrong.is_empty() { Ok(()) } else { Err(wrong) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_are_valid_and_everything_wrong_is_told_at_once() {
        assert!(IntakeConfig::default().validate().is_ok());
        let wrong =
            IntakeConfig { code_start: 0, longest_transfer_seconds: 1, ..IntakeConfig::default() };
        assert_eq!(wrong.validate().unwrap_err().len(), 2);
    }

    #[test]
    fn a_transfer_gets_what_it_asks_for_within_bounds() {
        let config = IntakeConfig::default();
        assert_eq!(config.transfer_time(None), Duration::from_mins(2));
        assert_eq!(config.transfer_time(Some(Duration::from_secs(9_999))).as_secs(), 900);
    }
}
