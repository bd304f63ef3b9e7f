//! What a mail server says later of a letter that it took (RFC 3464).

use chrono::TimeDelta;

use super::Arrival;

/// What follows where it is heard which letters come back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LetterRule {
    /// After what time one that did not come back counts as delivered.
    pub settled: TimeDelta,
    /// How long nothing is sent to an address at which there is nobody.
    pub remembered: TimeDelta,
}

impl LetterRule {
    /// After what time one counts as delivered, behind which others wait for the end of its turn,
    /// or none: those that come back mostly do within minutes, and the others are not to go
    /// beside it for nothing.
    pub fn settled(self, turn: Option<TimeDelta>) -> TimeDelta {
        turn.map_or(self.settled, |turn| self.settled.min(turn / 2))
    }
}

/// What became of a letter, as a report says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bounce {
    /// Nobody tries any more.
    Failed(MailStatus),
    /// It was tried in vain, and is tried again.
    Delayed,
    /// It came, or went on to where no reports are made.
    Arrived,
}

/// Why, as mail servers count it: class, subject and detail (RFC 3463).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MailStatus {
    class: u16,
    subject: u16,
    detail: u16,
}

impl Bounce {
    /// The end of the letter's way; none while it is under way.
    pub const fn arrival(self) -> Option<Arrival> {
        match self {
            Self::Failed(status) => Some(status.arrival()),
            Self::Delayed => None,
            Self::Arrived => Some(Arrival::Delivered),
        }
    }

    /// Whether nobody will ever be reached at that address.
    pub const fn is_gone(self) -> bool {
        matches!(self, Self::Failed(status) if status.is_gone())
    }

    /// The word in numbers.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Failed(_) => "failed",
            Self::Delayed => "delayed",
            Self::Arrived => "arrived",
        }
    }

    /// Where a report tells of several mailboxes, behind one of ours: how much one of them says.
    pub const fn weight(self) -> u8 {
        match self {
            Self::Failed(_) => 2,
            Self::Arrived => 1,
            Self::Delayed => 0,
        }
    }
}

impl MailStatus {
    /// A failure of which nothing more is said.
    pub const UNSAID: Self = Self { class: 5, subject: 0, detail: 0 };

    /// Reads `5.1.1`, with whatever words behind it; none of what is no such code.
    pub fn parse(text: &str) -> Option<Self> {
        let code = text.split(|sign: char| !sign.is_ascii_digit() && sign != '.').next()?;
        let mut parts = code.split('.').map(|part| part.parse().ok());
        let (class, subject, detail) = (parts.next()??, parts.next()??, parts.next()??);
        let known = parts.next().is_none() && matches!(class, 2 | 4 | 5);
        known.then_some(Self { class, subject, detail })
    }

    /// Whether it speaks of the addressee alone: there is nobody at their address, or their mailbox is
    /// closed or full. The writer's address (X.1.7, X.1.8) is ours; an address that is not known for now
    /// (4.1.X) says that the server cannot look it up, or lets us wait, and what else it says of a mailbox
    /// is what it makes of all (how large a letter may be, 5.2.3).
    pub const fn is_about_mailbox(self) -> bool {
        matches!(
            (self.class, self.subject, self.detail),
            (5, 1, 1..=6 | 9 | 10) | (4 | 5, 2, 1 | 2)
        )
    }

    /// What it is to us: given up after a while, not carried for what it is, or in vain.
    const fn arrival(self) -> Arrival {
        match (self.class, self.subject, self.detail) {
            // What might have passed, and did not in its time.
            (4, ..) | (_, 4, 7) => Arrival::Expired,
            // The letter itself, or where it comes from.
            (_, 6 | 7, _) => Arrival::Rejected,
            _ => Arrival::Undeliverable,
        }
    }

    /// No such mailbox, no such domain, no such form of an address, moved without saying where
    /// to, a domain that takes no mail (RFC 7505). A full mailbox is there, and so may one be that takes
    /// nothing at present (5.2.1).
    const fn is_gone(self) -> bool {
        matches!((self.class, self.subject, self.detail), (5, 1, 1 | 2 | 3 | 6 | 10))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failed(code: &str) -> Bounce {
        Bounce::Failed(MailStatus::parse(code).unwrap())
    }

    #[test]
    fn a_failure_says_whether_it_is_the_address_the_letter_or_the_time() {
        for (code, arrival, gone) in [
            ("5.1.1", Arrival::Undeliverable, true),
            ("5.1.10 (no mail here)", Arrival::Undeliverable, true),
            ("5.2.1", Arrival::Undeliverable, false),
            ("5.2.2", Arrival::Undeliverable, false),
            ("5.0.0", Arrival::Undeliverable, false),
            ("5.7.26", Arrival::Rejected, false),
            ("5.6.0", Arrival::Rejected, false),
            ("5.4.7", Arrival::Expired, false),
            ("4.4.1", Arrival::Expired, false),
            ("4.1.1", Arrival::Expired, false),
        ] {
            let bounce = failed(code);
            assert_eq!((bounce.arrival(), bounce.is_gone()), (Some(arrival), gone), "{code}");
        }
        assert_eq!(Bounce::Delayed.arrival(), None);
        assert!(!Bounce::Arrived.is_gone());
    }

    #[test]
    fn what_is_the_addressees_is_told_from_what_is_ours_or_the_servers() {
        let about = |code: &str| MailStatus::parse(code).unwrap().is_about_mailbox();
        for code in ["5.1.1", "5.1.10", "5.2.1", "5.2.2", "4.2.1", "4.2.2"] {
            assert!(about(code), "{code}");
        }
        for code in [
            "5.0.0", "5.1.0", "5.1.8", "5.4.1", "5.7.1", "4.3.2", "4.1.1", "4.1.2", "4.2.0",
            "5.2.0", "5.2.3", "2.1.5",
        ] {
            assert!(!about(code), "{code}");
        }
    }

    #[test]
    fn a_letter_before_others_settles_within_its_turn() {
        let rule = LetterRule { settled: TimeDelta::hours(72), remembered: TimeDelta::days(90) };
        assert_eq!(rule.settled(None), TimeDelta::hours(72));
        assert_eq!(rule.settled(Some(TimeDelta::minutes(30))), TimeDelta::minutes(15));
        let long = Some(TimeDelta::days(30));
        assert_eq!(rule.settled(long), TimeDelta::hours(72));
    }

    #[test]
    fn what_is_no_code_is_none() {
        for text in ["", "5", "5.1", "5.1.", "5.1.1.1", "6.1.1", "550 5.1.1", "5.1.99999", "x5.1.1"]
        {
            assert_eq!(MailStatus::parse(text), None, "{text}");
        }
    }
}
