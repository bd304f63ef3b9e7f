use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::NotificationConfig;
use crate::domain::{Channel, ShiftRule};

/// Somebody who carries messages, of whom the settings tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carrier {
    /// The mail server.
    Smtp,
    /// The centre of short messages.
    Smpp,
    /// VinaPhone's gateway.
    Vinaphone,
    /// Viettel's gateway.
    Viettel,
    /// Zalo.
    Zalo,
}

impl Carrier {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Smtp, Self::Smpp, Self::Vinaphone, Self::Viettel, Self::Zalo];

    /// Our word for it, in rows, numbers and commands.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Smtp => "smtp",
            Self::Smpp => "smpp",
            Self::Vinaphone => "vinaphone",
            Self::Viettel => "viettel",
            Self::Zalo => "zalo",
        }
    }

    /// What it carries.
    pub const fn channel(self) -> Channel {
        match self {
            Self::Smtp => Channel::Email,
            Self::Smpp | Self::Vinaphone | Self::Viettel => Channel::Sms,
            Self::Zalo => Channel::Zalo,
        }
    }
}

impl NotificationConfig {
    /// The share of one that is set; none: it is not.
    pub fn weight(&self, of: Carrier) -> Option<u32> {
        match of {
            Carrier::Smtp => self.smtp.host.as_ref().map(|_| 1),
            Carrier::Smpp => self.smpp.address.as_ref().map(|_| self.smpp.weight),
            Carrier::Vinaphone => self.vinaphone.as_ref().map(|own| own.weight),
            Carrier::Viettel => self.viettel.as_ref().map(|own| own.weight),
            Carrier::Zalo => self.zalo.as_ref().map(|_| 1),
        }
    }
}

/// When messages go by others than a provider that fails.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ShiftConfig {
    /// Over how many seconds hand-overs are judged.
    pub window_s: u32,
    /// How many of them at the least.
    pub least: u32,
    /// How many of a hundred must not fail.
    pub failing_percent: u32,
    /// What takes so many milliseconds has failed.
    pub slow_ms: u32,
    /// For how many seconds at the least messages go by others.
    pub stay_s: u32,
    /// One of so many of its messages is a trial then.
    pub trial_one_in: u32,
    /// So many trials in a row bring it back.
    pub trials: u32,
}

impl Default for ShiftConfig {
    fn default() -> Self {
        Self {
            window_s: 300,
            least: 20,
            failing_percent: 50,
            slow_ms: 10_000,
            stay_s: 300,
            trial_one_in: 20,
            trials: 5,
        }
    }
}

impl ShiftConfig {
    /// Everything that is wrong, each beginning with its key.
    pub(super) fn wrong(self) -> Vec<String> {
        let rules = [
            ((1..=86_400).contains(&self.window_s), "shift.window_s: must be 1 to 86400"),
            ((1..=10_000).contains(&self.least), "shift.least: must be 1 to 10000"),
            ((1..=100).contains(&self.failing_percent), "shift.failing_percent: must be 1 to 100"),
            ((100..=120_000).contains(&self.slow_ms), "shift.slow_ms: must be 100 to 120000"),
            ((1..=86_400).contains(&self.stay_s), "shift.stay_s: must be 1 to 86400"),
            ((1..=10_000).contains(&self.trial_one_in), "shift.trial_one_in: must be 1 to 10000"),
            ((1..=1_000).contains(&self.trials), "shift.trials: must be 1 to 1000"),
        ];
        rules.iter().filter(|(right, _)| !right).map(|(_, text)| (*text).to_owned()).collect()
    }

    /// The rule.
    pub fn rule(self) -> ShiftRule {
        let whole = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
        ShiftRule {
            window: TimeDelta::seconds(self.window_s.into()),
            least: whole(self.least),
            failing: whole(self.failing_percent),
            slow: TimeDelta::milliseconds(self.slow_ms.into()),
            stay: TimeDelta::seconds(self.stay_s.into()),
            one_in: self.trial_one_in,
            trials: self.trials,
        }
    }
}
