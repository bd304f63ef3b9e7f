/// What happens to a payment, by the last three digits of its sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Magic {
    /// Any others: it succeeds.
    Succeeds,
    /// `001`: declined for want of money.
    Declined,
    /// `002`: it succeeds, and the notice comes a minute later.
    LateNotice,
    /// `003`: it succeeds, and the notice comes twice.
    TwiceTold,
    /// `004`: it succeeds, and the notice is signed with another secret.
    WrongSignature,
    /// `005`: it succeeds, no notice comes, and questions are not answered.
    Silent,
}

impl Magic {
    /// What a sum says.
    pub const fn of(dong: i64) -> Self {
        match dong % 1_000 {
            1 => Self::Declined,
            2 => Self::LateNotice,
            3 => Self::TwiceTold,
            4 => Self::WrongSignature,
            5 => Self::Silent,
            _ => Self::Succeeds,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_digits_say_what_happens() {
        let of = |dong| Magic::of(dong);
        assert_eq!(of(50_000), Magic::Succeeds);
        assert_eq!(of(50_001), Magic::Declined);
        assert_eq!(of(50_002), Magic::LateNotice);
        assert_eq!(of(50_003), Magic::TwiceTold);
        assert_eq!(of(50_004), Magic::WrongSignature);
        assert_eq!(of(50_005), Magic::Silent);
    }
}
