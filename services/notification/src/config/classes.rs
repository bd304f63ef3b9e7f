use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use crate::domain::{ClassRule, ClassRules};

/// How messages of each class go out.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ClassesConfig {
    /// What must be told.
    pub required: ClassConfig,
    /// What it is high time to do.
    pub reminder: ClassConfig,
    /// What is told out of courtesy.
    pub courtesy: ClassConfig,
}

/// How messages of one class go out.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ClassConfig {
    /// Whether a person's channels take turns.
    pub in_turn: bool,
    /// How long after it was written a message is still worth handing over, in hours.
    pub expires_h: u32,
    /// Messages of the class to one telephone in a day, by short message and Zalo together; 0: no limit
    /// of its own.
    pub telephone_a_day: u32,
    /// Whether it waits for the end of the quiet hours where a telephone would ring.
    pub quiet: bool,
}

impl Default for ClassesConfig {
    fn default() -> Self {
        let required = ClassConfig::default();
        let limited = ClassConfig { expires_h: 24, telephone_a_day: 5, ..required };
        Self { required, reminder: ClassConfig { in_turn: true, ..limited }, courtesy: limited }
    }
}

impl Default for ClassConfig {
    fn default() -> Self {
        Self { in_turn: false, expires_h: 72, telephone_a_day: 0, quiet: true }
    }
}

impl ClassesConfig {
    pub(super) fn wrong(self) -> Option<String> {
        let all = [self.required, self.reminder, self.courtesy];
        let right = all.iter().all(|class| (1..=720).contains(&class.expires_h));
        (!right).then(|| "classes: expires_h must be 1 to 720".to_owned())
    }

    pub(super) fn rules(self, turn: TimeDelta) -> ClassRules {
        let Self { required, reminder, courtesy } = self;
        ClassRules {
            required: required.rule(),
            reminder: reminder.rule(),
            courtesy: courtesy.rule(),
            turn,
        }
    }
}

impl ClassConfig {
    fn rule(self) -> ClassRule {
        ClassRule {
            in_turn: self.in_turn,
            expires: TimeDelta::hours(self.expires_h.into()),
            telephone_a_day: limit(self.telephone_a_day),
            quiet: self.quiet,
        }
    }
}

/// A limit, of which 0 is none.
pub(super) const fn limit(count: u32) -> Option<u32> {
    if count == 0 { None } else { Some(count) }
}
