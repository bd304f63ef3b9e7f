//! What it means that somebody wants no more letters like one that came.

use super::{ChannelUse, Preferences, Topic};

impl Preferences {
    /// As they are then: an officer's morning is turned off by itself, and of all else only what must
    /// be told comes by e-mail. None where that holds already.
    #[must_use]
    pub fn unsubscribed(self, topic: Topic) -> Option<Self> {
        let version = self.version + 1;
        match topic {
            Topic::OfficerDigest => self.digest.then_some(Self { digest: false, version, ..self }),
            _ => (self.email == ChannelUse::All).then_some(Self {
                email: ChannelUse::RequiredOnly,
                version,
                ..self
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_need_not_be_told_is_told_no_more_and_nothing_is_turned_on() {
        let all = Preferences::default();
        let less = all.unsubscribed(Topic::DossierSubmitted).unwrap();
        let only = Preferences { email: ChannelUse::RequiredOnly, version: 1, ..all };
        assert_eq!(less, only);
        assert_eq!(less.unsubscribed(Topic::DossierSubmitted), None);
        let off = Preferences { email: ChannelUse::Off, ..all };
        assert_eq!(off.unsubscribed(Topic::DossierSubmitted), None);
        let mornings = all.unsubscribed(Topic::OfficerDigest).unwrap();
        assert_eq!(mornings, Preferences { digest: false, version: 1, ..all });
        assert_eq!(mornings.unsubscribed(Topic::OfficerDigest), None);
    }
}
