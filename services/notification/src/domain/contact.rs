use motcua_ids::AccountId;
use motcua_vn::{EmailAddress, PhoneNumber};

use super::{Address, Channel, Preferences, Topic};

/// Whom to tell, as asked for just before telling them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// The account, for whoever has one.
    pub account: Option<AccountId>,
    /// How to address them.
    pub full_name: String,
    /// A telephone, perhaps a landline.
    pub phone: Option<PhoneNumber>,
    /// A mailbox.
    pub email: Option<EmailAddress>,
}

impl Contact {
    /// As neighbours write it. A telephone or address that cannot be one is left out: on the others the
    /// person is told all the same.
    pub fn new(account: Option<AccountId>, full_name: String, phone: &str, email: &str) -> Self {
        let (phone, email) = (PhoneNumber::parse(phone).ok(), EmailAddress::parse(email).ok());
        Self { account, full_name, phone, email }
    }

    /// Where this person is told of a topic. Whoever has an inbox is always
    /// told there; whoever has none has no preferences either, and is told on
    /// every channel there is but Zalo, which somebody has to choose.
    pub fn addresses(&self, topic: Topic, preferences: &Preferences) -> Vec<Address> {
        let wants = |channel: Channel| {
            self.account.is_none()
                || preferences.of(channel).is_none_or(|used| used.covers(topic.is_required()))
        };
        let mut channels = Channel::ALL;
        channels.sort_by_key(|channel| preferences.first != Some(*channel));
        let wanted = channels.into_iter().filter(|channel| wants(*channel));
        wanted.filter_map(|channel| self.address(channel)).collect()
    }

    fn address(&self, channel: Channel) -> Option<Address> {
        match channel {
            Channel::Inbox => self.account.map(Address::Inbox),
            // Somebody has to choose it, and only an account can.
            Channel::Zalo => self.account.and(self.mobile()).map(Address::Zalo),
            Channel::Sms => self.mobile().map(Address::Sms),
            Channel::Email => self.email.clone().map(Address::Email),
            // Systems are registered by themselves.
            Channel::Webhook => None,
        }
    }

    fn mobile(&self) -> Option<PhoneNumber> {
        self.phone.clone().filter(PhoneNumber::is_mobile)
    }
}

#[cfg(test)]
mod tests {
    use motcua_ids::Uuid;

    use super::*;
    use crate::domain::{ChannelUse, Language};

    fn contact(account: bool) -> Contact {
        Contact {
            account: account.then(|| AccountId::new(Uuid::from_u128(1))),
            full_name: "Nguyễn Văn A".into(),
            phone: PhoneNumber::parse("0912345678").ok(),
            email: EmailAddress::parse("a@example.vn").ok(),
        }
    }

    const OFF: Preferences = Preferences {
        sms: ChannelUse::Off,
        email: ChannelUse::Off,
        zalo: ChannelUse::Off,
        first: None,
        language: Language::Vi,
        digest: false,
        version: 1,
    };

    fn channels(contact: &Contact, topic: Topic, preferences: &Preferences) -> Vec<Channel> {
        contact.addresses(topic, preferences).iter().map(Address::channel).collect()
    }

    #[test]
    fn the_channel_of_ones_choice_comes_first() {
        let all = Preferences { zalo: ChannelUse::All, ..Preferences::default() };
        let told = |first| {
            let all =
                channels(&contact(true), Topic::DossierAccepted, &Preferences { first, ..all });
            all.into_iter().filter(|channel| *channel != Channel::Inbox).collect::<Vec<_>>()
        };
        assert_eq!(told(None), [Channel::Zalo, Channel::Sms, Channel::Email]);
        assert_eq!(told(Some(Channel::Email)), [Channel::Email, Channel::Zalo, Channel::Sms]);
    }

    #[test]
    fn what_must_be_told_goes_to_every_channel_by_default() {
        let all = [Channel::Inbox, Channel::Sms, Channel::Email];
        let preferences = Preferences::default();
        assert_eq!(channels(&contact(true), Topic::DossierAccepted, &preferences), all);
        let progress = channels(&contact(true), Topic::DossierSubmitted, &preferences);
        assert_eq!(progress, [Channel::Inbox, Channel::Email]);
    }

    #[test]
    fn channels_can_be_turned_off_but_the_inbox_stays() {
        for topic in Topic::ALL {
            assert_eq!(channels(&contact(true), topic, &OFF), [Channel::Inbox], "{topic:?}");
        }
    }

    #[test]
    fn without_an_account_every_channel_is_used() {
        for topic in Topic::ALL {
            let used = channels(&contact(false), topic, &OFF);
            assert_eq!(used, [Channel::Sms, Channel::Email], "{topic:?}");
        }
    }

    #[test]
    fn zalo_is_for_those_who_choose_it_and_have_a_mobile() {
        let chosen = Preferences { zalo: ChannelUse::RequiredOnly, ..OFF };
        let of = |contact: &Contact, topic| channels(contact, topic, &chosen);
        let both = [Channel::Inbox, Channel::Zalo];
        assert_eq!(of(&contact(true), Topic::DossierAccepted), both);
        assert_eq!(of(&contact(true), Topic::DossierSubmitted), [Channel::Inbox]);
        let landline = Contact { phone: PhoneNumber::parse("02763822233").ok(), ..contact(true) };
        assert_eq!(of(&landline, Topic::DossierAccepted), [Channel::Inbox]);
        assert!(!of(&contact(false), Topic::DossierAccepted).contains(&Channel::Zalo));
    }

    #[test]
    fn a_landline_gets_no_short_message() {
        let landline = Contact {
            phone: PhoneNumber::parse("02763822233").ok(),
            email: None,
            ..contact(false)
        };
        assert_eq!(landline.addresses(Topic::ResultReady, &Preferences::default()), []);
    }
}
