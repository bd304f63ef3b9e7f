//! `[notification]` of the configuration.

mod bounces;
mod carriers;
mod classes;
mod gateways;
mod inquiries;
mod photos;
mod prices;
mod reminders;
mod smpp;
mod smtp;
mod webhooks;
mod zalo;

use std::{collections::BTreeMap, path::PathBuf};

use chrono::{NaiveTime, TimeDelta};
use motcua_config::Section;
use serde::{Deserialize, Serialize};

pub use self::{
    bounces::{BouncesConfig, ImapTls},
    carriers::{Carrier, ShiftConfig},
    classes::{ClassConfig, ClassesConfig},
    gateways::{ViettelConfig, VinaphoneConfig},
    inquiries::InquiriesConfig,
    photos::PhotosConfig,
    prices::PriceConfig,
    reminders::RemindersConfig,
    smpp::{SmppConfig, SmppIds},
    smtp::{SmtpConfig, SmtpTls},
    webhooks::WebhooksConfig,
    zalo::ZaloConfig,
};
use crate::domain::{ClassRules, Limits, Marks, QuietHours, RetryRule, Tariff};

/// Which addresses only play, so that the whole way of a message can be seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Magic {
    /// None.
    #[default]
    None,
    /// Mailboxes in a domain that nobody can have: in every environment.
    Mailboxes,
    /// Those, and telephones, which in production may be somebody's.
    All,
}

/// How messages go out.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct NotificationConfig {
    /// How often handing over a message is tried.
    pub attempts: u16,
    /// The wait after the first try, in seconds; it doubles with every try, and is up to a
    /// quarter shorter.
    pub first_wait_s: u32,
    /// The longest wait between tries, in seconds.
    pub longest_wait_s: u32,
    /// Hours in which no short message is handed over, local, `HH:MM`; both or none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quiet_from: Option<String>,
    /// When they end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quiet_until: Option<String>,
    /// A folder for `spool.jsonl`, to which handed-over messages are appended in
    /// clear: for demonstrations and tests alone, since it holds personal data.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spool_dir: Option<PathBuf>,
    /// How long a provider that gives receipts may be silent, in hours.
    pub receipt_h: u32,
    /// How long a channel has for its turn, where a person's channels take turns, in minutes.
    pub turn_minutes: u32,
    /// Whether short messages go out with the marks of Vietnamese.
    pub sms_marks: Marks,
    /// Messages to one telephone in a day, by short message and Zalo, whoever else can be told elsewhere; 0: no limit.
    pub telephone_a_day: u32,
    /// How long the same words are not said to the same person again, in minutes.
    pub repeat_minutes: u32,
    /// How messages of each class go out.
    pub classes: ClassesConfig,
    /// When people are reminded.
    pub reminders: RemindersConfig,
    /// What those who carry messages ask for it.
    pub prices: Vec<PriceConfig>,
    /// Which telephones and mailboxes only play what can happen to a message.
    pub magic: Magic,
    /// When messages go by others than a provider that fails.
    pub shift: ShiftConfig,
    /// How organisations' own systems are told.
    pub webhooks: WebhooksConfig,
    /// How people are answered who ask by short message.
    pub inquiries: InquiriesConfig,
    /// The mail server.
    pub smtp: SmtpConfig,
    /// Where letters come back.
    pub bounces: BouncesConfig,
    /// The centre of short messages.
    pub smpp: SmppConfig,
    /// VinaPhone's gateway of brand names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vinaphone: Option<VinaphoneConfig>,
    /// Viettel's gateway of brand names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub viettel: Option<ViettelConfig>,
    /// Zalo's notification service.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zalo: Option<ZaloConfig>,
}

impl Default for NotificationConfig {
    fn default() -> Self {
        Self {
            attempts: 12,
            first_wait_s: 30,
            longest_wait_s: 3_600,
            quiet_from: None,
            quiet_until: None,
            spool_dir: None,
            receipt_h: 72,
            turn_minutes: 30,
            sms_marks: Marks::default(),
            telephone_a_day: 0,
            repeat_minutes: 10,
            classes: ClassesConfig::default(),
            reminders: RemindersConfig::default(),
            prices: Vec::new(),
            magic: Magic::None,
            shift: ShiftConfig::default(),
            webhooks: WebhooksConfig::default(),
            inquiries: InquiriesConfig::default(),
            smtp: SmtpConfig::default(),
            bounces: BouncesConfig::default(),
            smpp: SmppConfig::default(),
            vinaphone: None,
            viettel: None,
            zalo: None,
        }
    }
}

impl Section for NotificationConfig {
    fn validate(&self) -> Result<(), Vec<String>> {
        let good = |time: &Option<String>| time.as_deref().is_none_or(|t| clock(t).is_some());
        let rules = [
            ((1..=30).contains(&self.attempts), "attempts: must be 1 to 30"),
            (
                self.first_wait_s >= 1 && self.first_wait_s <= self.longest_wait_s,
                "first_wait_s: must be at least 1 and at most longest_wait_s",
            ),
            (good(&self.quiet_from), "quiet_from: must be HH:MM"),
            (good(&self.quiet_until), "quiet_until: must be HH:MM"),
            (
                self.quiet_from.is_some() == self.quiet_until.is_some(),
                "quiet_from: is set together with quiet_until",
            ),
            ((1..=720).contains(&self.receipt_h), "receipt_h: must be 1 to 720"),
            (self.repeat_minutes <= 1_440, "repeat_minutes: must be 0 to 1440"),
            ((1..=1_440).contains(&self.turn_minutes), "turn_minutes: must be 1 to 1440"),
        ];
        let own = rules.iter().filter(|(right, _)| !right).map(|(_, text)| (*text).to_owned());
        let gateways = self.vinaphone.iter().flat_map(VinaphoneConfig::wrong);
        let gateways = gateways.chain(self.viettel.iter().flat_map(ViettelConfig::wrong));
        let gateways = gateways.chain(self.zalo.iter().flat_map(ZaloConfig::wrong));
        let wrong: Vec<String> = own
            .chain(self.classes.wrong())
            .chain(self.reminders.wrong())
            .chain(prices::wrong(&self.prices))
            .chain(self.shift.wrong())
            .chain(self.webhooks.wrong())
            .chain(self.inquiries.wrong())
            .chain(self.smtp.wrong())
            .chain(self.bounces.wrong(self.smtp.host.is_some()))
            .chain(self.smpp.wrong())
            .chain(gateways)
            .collect();
        if wrong.is_empty() { Ok(()) } else { Err(wrong) }
    }
}

impl NotificationConfig {
    /// What is refused in production.
    pub fn refuse_unsafe(&self) -> Vec<String> {
        let in_clear = self.smtp.host.is_some() && self.smtp.tls == SmtpTls::None;
        let rules = [
            (
                self.spool_dir.is_some(),
                "notification.spool_dir: messages in clear are refused in production; leave it out",
            ),
            (
                self.magic == Magic::All,
                "notification.magic: telephones that only play may be somebody's in production; set \
                 mailboxes or none",
            ),
            (
                self.webhooks.anywhere,
                "notification.webhooks.anywhere: addresses within private networks are refused in \
                 production; leave it out",
            ),
            (
                in_clear,
                "notification.smtp.tls: e-mail in clear is refused in production; set starttls or \
                 implicit",
            ),
            (
                self.bounces.address.is_some() && self.bounces.tls == ImapTls::None,
                "notification.bounces.tls: a mailbox in clear is refused in production; set implicit",
            ),
        ];
        let photos = self.zalo.as_ref().and_then(|own| own.photos.as_ref());
        let anywhere = photos.is_some_and(|photos| photos.anywhere).then(|| {
            "notification.zalo.photos.anywhere: pictures within private networks are refused in \
             production; leave it out"
                .to_owned()
        });
        let own = rules.iter().filter(|(unsafe_, _)| *unsafe_).map(|(_, text)| (*text).to_owned());
        own.chain(anywhere).chain(self.in_clear()).collect()
    }

    /// Gateways to which passwords and telephones would travel in clear, as sandboxes are.
    fn in_clear(&self) -> impl Iterator<Item = String> {
        let vinaphone = self.vinaphone.as_ref().map(|of| ("vinaphone.url", &of.url));
        let viettel = self.viettel.as_ref().map(|of| ("viettel.url", &of.url));
        let api = self.zalo.as_ref().map(|of| ("zalo.api_url", &of.api_url));
        let oauth = self.zalo.as_ref().map(|of| ("zalo.oauth_url", &of.oauth_url));
        let photos = self.zalo.as_ref().and_then(|of| of.photos.as_ref());
        let talk = photos.map(|of| ("zalo.photos.talk_url", &of.talk_url));
        let all = vinaphone.into_iter().chain(viettel).chain(api).chain(oauth).chain(talk);
        all.filter(|(_, url)| url.scheme() != "https").map(|(key, _)| {
            format!("notification.{key}: a gateway without https is refused in production")
        })
    }

    /// How often, and how slowly, handing over is tried.
    pub fn retry(&self) -> RetryRule {
        RetryRule {
            attempts: self.attempts,
            first_wait: TimeDelta::seconds(self.first_wait_s.into()),
            longest_wait: TimeDelta::seconds(self.longest_wait_s.into()),
        }
    }

    /// How long a provider that gives receipts may be silent.
    pub fn receipt_awaited(&self) -> TimeDelta {
        TimeDelta::hours(self.receipt_h.into())
    }

    /// What messages cost, by provider.
    pub fn tariffs(&self) -> BTreeMap<String, Tariff> {
        prices::tariffs(&self.prices)
    }

    /// How messages of each class go out.
    pub fn rules(&self) -> ClassRules {
        self.classes.rules(TimeDelta::minutes(self.turn_minutes.into()))
    }

    /// How much one person is told.
    pub fn limits(&self) -> Limits {
        Limits {
            telephone_a_day: classes::limit(self.telephone_a_day),
            repeat: TimeDelta::minutes(self.repeat_minutes.into()),
        }
    }

    /// The quiet hours, if there are any.
    pub fn quiet(&self) -> Option<QuietHours> {
        let from = self.quiet_from.as_deref().and_then(clock)?;
        let until = self.quiet_until.as_deref().and_then(clock)?;
        Some(QuietHours { from, until })
    }
}

fn clock(text: &str) -> Option<NaiveTime> {
    NaiveTime::parse_from_str(text, "%H:%M").ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_is_right_and_nonsense_is_told_all_at_once() {
        assert_eq!(NotificationConfig::default().validate(), Ok(()));
        assert_eq!(NotificationConfig::default().quiet(), None);
        let wrong = NotificationConfig {
            attempts: 0,
            first_wait_s: 0,
            quiet_from: Some("9 giờ".into()),
            ..Default::default()
        };
        assert_eq!(wrong.validate().unwrap_err().len(), 4);
    }

    #[test]
    fn a_provider_that_cannot_be_spoken_to_is_told_with_all_its_keys() {
        let wrong = NotificationConfig {
            smtp: SmtpConfig {
                host: Some("mail".into()),
                user: Some("motcua".into()),
                unsubscribe: Some("https://example.vn/off/{message}".into()),
                ..Default::default()
            },
            smpp: SmppConfig {
                address: Some("smsc".into()),
                source: "MOT CUA TINH".into(),
                password: motcua_config::Secret::new("longer than that"),
                ..Default::default()
            },
            ..Default::default()
        };
        let wrong = wrong.validate().unwrap_err();
        let keys: Vec<_> = wrong.iter().filter_map(|w| w.split(':').next()).collect();
        assert_eq!(
            keys,
            [
                "smtp.from",
                "smtp.user",
                "smtp.unsubscribe",
                "smpp.address",
                "smpp.system_id",
                "smpp.password",
                "smpp.source"
            ]
        );
        let nobody = SmtpConfig { from: Some("ai đó".into()), ..Default::default() };
        assert_eq!(nobody.wrong().len(), 1);
        let number = SmppConfig { source: "19001234567890".into(), ..Default::default() };
        assert!(!number.is_named() && number.wrong().is_empty());
    }

    #[test]
    fn production_refuses_what_lies_or_travels_in_clear_or_only_plays() {
        assert_eq!(NotificationConfig::default().refuse_unsafe(), [""; 0]);
        let host = Some("mail".to_owned());
        let playing = NotificationConfig {
            spool_dir: Some("spool".into()),
            magic: Magic::All,
            smtp: SmtpConfig { host, tls: SmtpTls::None, ..Default::default() },
            bounces: BouncesConfig {
                address: Some("bounces@example.vn".into()),
                tls: ImapTls::None,
                ..Default::default()
            },
            ..Default::default()
        };
        assert_eq!(playing.refuse_unsafe().len(), 4);
    }

    #[test]
    fn a_gateway_is_told_what_it_lacks_and_production_wants_it_sealed() {
        let viettel = ViettelConfig {
            url: "http://127.0.0.1:9082/viettel".parse().unwrap(),
            user: "motcua".into(),
            password: motcua_config::Secret::default(),
            cp_code: "MOTCUA".into(),
            service: String::new(),
            weight: 101,
            answer_s: 0,
            ca: None,
        };
        let config = NotificationConfig { viettel: Some(viettel), ..Default::default() };
        let wrong = config.validate().unwrap_err();
        let keys: Vec<_> = wrong.iter().filter_map(|w| w.split(':').next()).collect();
        assert_eq!(
            keys,
            ["viettel.password", "viettel.service", "viettel.weight", "viettel.answer_s"]
        );
        let refused = config.refuse_unsafe();
        assert!(refused.len() == 1 && refused[0].starts_with("notification.viettel.url"));
    }

    #[test]
    fn prices_are_somebodys_and_one_a_day() {
        let read =
            |prices: &str| toml::from_str::<NotificationConfig>(&format!("prices = {prices}"));
        let one = |provider: &str, vnd: &str| {
            format!(
                r#"{{ provider = "{provider}", valid_from = "2026-01-01", per = "segment", vnd = "{vnd}" }}"#
            )
        };
        let good =
            read(&format!("[{}, {}]", one("viettel", "385.5"), one("zalo-talk", "55"))).unwrap();
        assert_eq!(good.validate(), Ok(()));
        let day = "2026-03-01".parse().unwrap();
        assert!(good.tariffs()["viettel"].on(day).is_some_and(|price| price.of(1, 2) == 771_000));
        let wrong =
            read(&format!("[{0}, {0}, {1}]", one("smpp", "350"), one("spool", "1"))).unwrap();
        let keys: Vec<_> = wrong.validate().unwrap_err();
        assert_eq!(keys.len(), 2);
        assert!(keys[0].starts_with("prices[1].valid_from: smpp"), "{keys:?}");
        assert!(keys[1].starts_with("prices[2].provider: "), "{keys:?}");
        assert!(read(&format!("[{}]", one("smpp", "385,5"))).is_err());
    }

    #[test]
    fn quiet_hours_are_read() {
        let config = NotificationConfig {
            quiet_from: Some("21:00".into()),
            quiet_until: Some("07:00".into()),
            ..Default::default()
        };
        assert_eq!(config.validate(), Ok(()));
        assert!(config.quiet().is_some());
    }
}
