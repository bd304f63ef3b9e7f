use std::time::Duration;

/// How long a slow answer takes: longer than the services wait by default.
pub(super) const SLOW: Duration = Duration::from_secs(30);

/// What happens to a message, by the last three digits of its telephone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Magic {
    /// Any others: it is taken.
    Taken,
    /// `001`: not now.
    Later,
    /// `002`: never.
    Never,
    /// `003`: it is taken, and the answer comes late.
    Slow,
    /// `004`: no more for now.
    UsedUp,
}

impl Magic {
    pub(super) fn of(phone: &str) -> Self {
        match phone.get(phone.len().saturating_sub(3)..) {
            Some("001") => Self::Later,
            Some("002") => Self::Never,
            Some("003") => Self::Slow,
            Some("004") => Self::UsedUp,
            _ => Self::Taken,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_digits_say_what_happens() {
        for (phone, magic) in [
            ("84912345678", Magic::Taken),
            ("84912345001", Magic::Later),
            ("84912345002", Magic::Never),
            ("84912345003", Magic::Slow),
            ("84912345004", Magic::UsedUp),
            ("4", Magic::Taken),
            ("", Magic::Taken),
        ] {
            assert_eq!(Magic::of(phone), magic, "{phone}");
        }
    }
}
