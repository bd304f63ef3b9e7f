//! What a person is reminded of: something is awaited of them, and its time runs out.

use chrono::{DateTime, TimeDelta, Utc};
use motcua_ids::{DossierId, Uuid};
use motcua_vn::Vnd;

use super::{News, Topic};

type Timestamp = DateTime<Utc>;

/// What is awaited of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Awaited {
    /// Phí, lệ phí.
    Payment,
    /// Phần bổ sung.
    Supplement,
}

impl Awaited {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Payment, Self::Supplement];

    /// What a message of a topic asks a person for.
    pub const fn asked_by(topic: Topic) -> Option<Self> {
        match topic {
            Topic::PaymentRequested => Some(Self::Payment),
            Topic::SupplementRequested => Some(Self::Supplement),
            _ => None,
        }
    }

    /// The word in rows.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Payment => "payment",
            Self::Supplement => "supplement",
        }
    }

    /// Whose versions count it.
    pub const fn family(self) -> &'static str {
        match self {
            Self::Payment => "payment",
            Self::Supplement => "intake",
        }
    }
}

/// A reminder of one thing awaited about one dossier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reminder {
    /// Its id: what is asked for anew is reminded of anew.
    pub id: Uuid,
    /// What is awaited.
    pub awaited: Awaited,
    /// About which dossier.
    pub dossier: DossierId,
    /// Its code; empty where none was minted yet.
    pub code: String,
    /// The version that asked, or that ended it: an older one is late.
    pub version: i64,
    /// How much is to be paid.
    pub amount: Vnd,
    /// Whether a supplement is awaited before acceptance.
    pub before_acceptance: bool,
    /// Until when it is awaited.
    pub due: Timestamp,
    /// Whether it is awaited still.
    pub open: bool,
}

impl Reminder {
    /// Of what is awaited from now on.
    pub const fn of(id: Uuid, awaited: Awaited, dossier: DossierId, due: Timestamp) -> Self {
        Self {
            id,
            awaited,
            dossier,
            code: String::new(),
            version: 0,
            amount: Vnd::ZERO,
            before_acceptance: false,
            due,
            open: true,
        }
    }

    /// Whether reminding makes sense: it is awaited still, and can still be done.
    pub fn is_wanted(&self, now: Timestamp) -> bool {
        self.open && now < self.due
    }

    /// Whether what was asked for by a version was done meanwhile.
    pub const fn is_done(&self, version: i64) -> bool {
        !self.open && self.version >= version
    }

    /// What is told.
    pub fn news(&self) -> News {
        match self.awaited {
            Awaited::Payment => News::PaymentDueSoon { amount: self.amount, due: self.due },
            Awaited::Supplement => {
                let before_acceptance = self.before_acceptance;
                News::SupplementDueSoon { deadline: self.due, before_acceptance }
            }
        }
    }
}

/// How long before their end people are reminded; none: never.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leads {
    /// Of a payment.
    pub payment: Option<TimeDelta>,
    /// Of a supplement.
    pub supplement: Option<TimeDelta>,
}

impl Leads {
    /// When somebody is reminded of what is asked for now: not at all where the asking itself
    /// comes no earlier.
    pub fn remind_at(self, awaited: Awaited, now: Timestamp, due: Timestamp) -> Option<Timestamp> {
        let lead = match awaited {
            Awaited::Payment => self.payment,
            Awaited::Supplement => self.supplement,
        };
        due.checked_sub_signed(lead?).filter(|at| *at > now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_was_just_asked_is_not_reminded() {
        let leads = Leads { payment: Some(TimeDelta::hours(48)), supplement: None };
        let due: Timestamp = "2026-11-28T10:00:00Z".parse().unwrap();
        let at = |hours| leads.remind_at(Awaited::Payment, due - TimeDelta::hours(hours), due);
        assert_eq!(at(49), Some(due - TimeDelta::hours(48)));
        assert_eq!((at(48), at(1), at(-1)), (None, None, None));
        let long_before = due - TimeDelta::days(9);
        assert_eq!(leads.remind_at(Awaited::Supplement, long_before, due), None);
    }
}
