//! By which rules messages of a kind go out.

use chrono::TimeDelta;

/// Messages that are treated alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// What must be told: the law says so, or something could be lost.
    Required,
    /// What it is high time to do.
    Reminder,
    /// The rest.
    Courtesy,
}

/// How messages of a class go out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClassRule {
    /// Whether a person's channels take turns; otherwise all are told at once.
    pub in_turn: bool,
    /// How long after it was written a message is still worth handing over.
    pub expires: TimeDelta,
    /// Messages of the class to one telephone in a day, by short message and Zalo together; none: no
    /// limit of its own.
    pub telephone_a_day: Option<u32>,
    /// Whether it waits for the end of the quiet hours where a telephone would ring.
    pub quiet: bool,
}

/// The rules of every class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClassRules {
    /// Of [`Class::Required`].
    pub required: ClassRule,
    /// Of [`Class::Reminder`].
    pub reminder: ClassRule,
    /// Of [`Class::Courtesy`].
    pub courtesy: ClassRule,
    /// How long a channel has for its turn.
    pub turn: TimeDelta,
}

impl ClassRules {
    /// The rule of a class.
    pub const fn of(&self, class: Class) -> ClassRule {
        match class {
            Class::Required => self.required,
            Class::Reminder => self.reminder,
            Class::Courtesy => self.courtesy,
        }
    }
}
