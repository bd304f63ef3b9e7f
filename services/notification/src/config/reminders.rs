use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use crate::domain::Leads;

/// How long before their end people are reminded of what is awaited of them.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RemindersConfig {
    /// Of a payment, in hours; 0: never.
    pub payment_h: u32,
    /// Of a supplement, in hours; 0: never.
    pub supplement_h: u32,
}

impl Default for RemindersConfig {
    fn default() -> Self {
        Self { payment_h: 48, supplement_h: 48 }
    }
}

impl RemindersConfig {
    pub(super) fn wrong(self) -> Option<String> {
        let right = self.payment_h <= 8_760 && self.supplement_h <= 8_760;
        (!right).then(|| "reminders: hours must be 0 to 8760".to_owned())
    }

    /// As the domain counts them.
    pub fn leads(self) -> Leads {
        let lead = |hours: u32| (hours > 0).then(|| TimeDelta::hours(hours.into()));
        Leads { payment: lead(self.payment_h), supplement: lead(self.supplement_h) }
    }
}
