//! Where organisations' own systems are told of their dossiers: signed as Standard Webhooks 1.0 has
//! it, and turned off when they take nothing for long.

use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::{DateTime, TimeDelta, Utc};
use hmac::{Hmac, KeyInit, Mac};
use motcua_ids::{AccountId, DossierId, EventId, MessageId, WebhookId};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::Sha256;

use super::{News, Refusal};

type Timestamp = DateTime<Utc>;

/// Addresses of one organisation at the most.
pub const WEBHOOKS: usize = 5;
/// The reason of a message whose receiver says that nobody is there any more.
pub const WEBHOOK_GONE: &str = "WEBHOOK_GONE";
/// How long a receiver is left alone after a trial.
const TRIAL_EVERY: TimeDelta = TimeDelta::seconds(10);
/// What a secret begins with where people see it.
const MARK: &str = "whsec_";

/// An organisation's registered address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhook {
    /// Its id.
    pub id: WebhookId,
    /// Whose dossiers it is told of.
    pub owner: AccountId,
    /// What is kept sealed.
    pub hook: Hook,
    /// When it was registered.
    pub created_at: Timestamp,
    /// Grows with every change.
    pub version: i64,
}

/// An address with its secrets and how it does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hook {
    /// Where requests go; it may itself be a secret.
    pub url: String,
    /// By which requests are signed, the newest first.
    pub secrets: Vec<Secret>,
    /// Since when it has taken nothing.
    pub failing_since: Option<Timestamp>,
    /// Why it is told nothing, if it is not.
    pub off: Option<Off>,
    /// When it was last tried out.
    pub tried_at: Option<Timestamp>,
}

/// By which a receiver knows that a request is ours.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Secret {
    /// The octets, in Base64.
    key: String,
    /// Until when it counts beside the one that followed; none: it is the newest.
    until: Option<Timestamp>,
}

/// A secret as its owner is shown it, once.
pub type Shared = String;

/// An address that is told nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Off {
    /// Why.
    pub cause: OffCause,
    /// Since when.
    pub at: Timestamp,
    /// What could not be told; none where its owner turned it off.
    pub lost: Option<Lost>,
}

/// What an address could not be told of when it was turned off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lost {
    /// By which its owner is told of this once.
    pub event: EventId,
    /// The dossier.
    pub dossier: DossierId,
    /// Its code.
    pub code: String,
}

/// Why an address is told nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OffCause {
    /// Its owner wants it so.
    Owner,
    /// It said that nobody is there any more (410).
    Gone,
    /// It took nothing for days.
    Failing,
}

/// How long a receiver may take nothing.
pub type Patience = TimeDelta;

impl OffCause {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Owner, Self::Gone, Self::Failing];

    /// The word in templates.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Gone => "gone",
            Self::Failing => "failing",
        }
    }
}

impl Secret {
    fn new(random: [u8; 32]) -> Self {
        Self { key: STANDARD.encode(random), until: None }
    }

    /// As its owner is shown it.
    fn shared(&self) -> Shared {
        format!("{MARK}{}", self.key)
    }

    /// `v1,…` of a request; none where the secret is none, which nobody can have made.
    fn sign(&self, signed: &str) -> Option<String> {
        let key = STANDARD.decode(&self.key).ok()?;
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).ok()?;
        mac.update(signed.as_bytes());
        Some(format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())))
    }
}

/// A secret shows itself to nobody.
impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Secret").field("until", &self.until).finish_non_exhaustive()
    }
}

impl Webhook {
    /// A registered address, and the secret for its owner.
    pub fn register(
        id: WebhookId,
        owner: AccountId,
        url: String,
        random: [u8; 32],
        at: Timestamp,
    ) -> (Self, Shared) {
        let secret = Secret::new(random);
        let shared = secret.shared();
        let hook =
            Hook { url, secrets: vec![secret], failing_since: None, off: None, tried_at: None };
        (Self { id, owner, hook, created_at: at, version: 1 }, shared)
    }

    /// Whether it is told of news.
    pub const fn is_on(&self) -> bool {
        self.hook.off.is_none()
    }

    /// Until when a former secret counts, if one does.
    pub fn overlaps_until(&self, now: Timestamp) -> Option<Timestamp> {
        self.hook
            .secrets
            .iter()
            .filter_map(|secret| secret.until)
            .filter(|until| *until > now)
            .max()
    }

    /// The signatures of a request, of each secret that counts, as the header has them.
    pub fn signatures(&self, id: &str, now: Timestamp, body: &str) -> String {
        let signed = format!("{id}.{}.{body}", now.timestamp());
        let counting =
            self.hook.secrets.iter().filter(|secret| secret.until.is_none_or(|until| until > now));
        counting.filter_map(|secret| secret.sign(&signed)).collect::<Vec<_>>().join(" ")
    }

    /// Gives it another secret; those that count go on to for a while.
    pub fn rotate(&mut self, random: [u8; 32], now: Timestamp, overlap: TimeDelta) -> Shared {
        let secret = Secret::new(random);
        let shared = secret.shared();
        self.hook.secrets.retain(|secret| secret.until.is_none_or(|until| until > now));
        for former in &mut self.hook.secrets {
            former.until.get_or_insert(now + overlap);
        }
        self.hook.secrets.insert(0, secret);
        // Requests are no longer for each past secret.
        self.hook.secrets.truncate(3);
        self.version += 1;
        shared
    }

    /// Moves it, and turns it on or off; what is none stays. Its past is forgiven.
    pub fn change(
        &mut self,
        url: Option<String>,
        on: Option<bool>,
        version: Option<i64>,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        if version.is_some_and(|version| version != self.version) {
            return Err(Refusal::EtagMismatch);
        }
        if let Some(url) = url {
            self.hook.url = url;
            self.hook.failing_since = None;
        }
        match on {
            Some(true) => {
                self.hook.off = None;
                self.hook.failing_since = None;
            }
            Some(false) if self.is_on() => {
                self.hook.off = Some(Off { cause: OffCause::Owner, at: now, lost: None });
            }
            Some(false) | None => {}
        }
        self.version += 1;
        Ok(())
    }

    /// Notes that it is tried out; not too often.
    pub fn try_out(&mut self, now: Timestamp) -> Result<(), Refusal> {
        if self.hook.tried_at.is_some_and(|at| now - at < TRIAL_EVERY) {
            return Err(Refusal::TriedJustNow);
        }
        self.hook.tried_at = Some(now);
        self.version += 1;
        Ok(())
    }

    /// Notes that it took something. Whether that was news.
    pub fn took(&mut self) -> bool {
        let news = self.hook.failing_since.take().is_some();
        self.version += i64::from(news);
        news
    }

    /// Notes that it did not take what it was told of a dossier; `gone`: and never will. Whether
    /// that was news. If it is off now for that, its owner has to hear of it.
    pub fn missed(&mut self, now: Timestamp, gone: bool, patience: Patience, lost: Lost) -> bool {
        if !self.is_on() {
            return false;
        }
        let began = self.hook.failing_since.is_none();
        let since = *self.hook.failing_since.get_or_insert(now);
        let cause = if gone { OffCause::Gone } else { OffCause::Failing };
        let over = gone || now - since >= patience;
        if over {
            self.hook.off = Some(Off { cause, at: now, lost: Some(lost) });
        }
        let news = began || over;
        self.version += i64::from(news);
        news
    }
}

/// What a receiver is told of some news: a CloudEvents 1.0 event in JSON, without personal data.
pub fn envelope(
    id: MessageId,
    at: Timestamp,
    dossier: DossierId,
    code: &str,
    version: i64,
    news: &News,
) -> String {
    let topic = news.topic().key();
    let kind = format!("motcua.notification.v1.{topic}");
    let data = json!({
        "dossier": dossier.name(),
        "code": code,
        "version": version,
        "topic": topic,
        "case": news.case(),
        "time": news.time().map(|time| time.to_rfc3339()),
    });
    event(&id.uuid().to_string(), at, &kind, &dossier.name(), &data)
}

/// What a receiver is told to be tried out.
pub fn trial(id: &str, at: Timestamp, webhook: WebhookId) -> String {
    let data = json!({ "webhook": webhook.name() });
    event(id, at, "motcua.notification.v1.trial", &webhook.name(), &data)
}

fn event(id: &str, at: Timestamp, kind: &str, subject: &str, data: &serde_json::Value) -> String {
    json!({
        "specversion": "1.0",
        "id": id,
        "source": "/motcua/notification",
        "type": kind,
        "subject": subject,
        "time": at.to_rfc3339(),
        "datacontenttype": "application/json",
        "data": data,
    })
    .to_string()
}

#[cfg(test)]
mod tests {
    use motcua_ids::Uuid;

    use super::*;

    fn now() -> Timestamp {
        "2026-11-28T08:00:00Z".parse().unwrap()
    }

    fn webhook() -> (Webhook, Shared) {
        let (id, owner) = (Uuid::from_u128(1).into(), Uuid::from_u128(2).into());
        Webhook::register(id, owner, "https://example.vn/hook".into(), [7; 32], now())
    }

    fn lost() -> Lost {
        let (event, dossier) = (Uuid::from_u128(3).into(), Uuid::from_u128(4).into());
        Lost { event, dossier, code: "H53-1".into() }
    }

    /// The worked example of the specification's libraries.
    #[test]
    fn a_request_is_signed_as_the_standard_has_it() {
        let (mut webhook, _) = webhook();
        webhook.hook.secrets[0].key = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".into();
        let at = DateTime::from_timestamp(1_614_265_330, 0).unwrap();
        let signed =
            webhook.signatures("msg_p5jXN8AQM9LWM0D4loKWxJek", at, r#"{"test": 2432232314}"#);
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn secrets_overlap_and_end() {
        let (mut webhook, first) = webhook();
        assert!(first.starts_with("whsec_") && !format!("{webhook:?}").contains(&first[6..]));
        let count = |webhook: &Webhook, at| webhook.signatures("1", at, "{}").split(' ').count();
        let second = webhook.rotate([8; 32], now(), TimeDelta::hours(24));
        assert_ne!(first, second);
        assert_eq!(count(&webhook, now()), 2);
        assert_eq!(webhook.overlaps_until(now()), Some(now() + TimeDelta::hours(24)));
        let later = now() + TimeDelta::hours(24);
        assert_eq!((count(&webhook, later), webhook.overlaps_until(later)), (1, None));
        for n in 9..20 {
            webhook.rotate([n; 32], now(), TimeDelta::hours(24));
        }
        assert_eq!(count(&webhook, now()), 3, "no more than three at once");
    }

    #[test]
    fn who_takes_nothing_for_days_is_told_no_more() {
        let patience = TimeDelta::days(5);
        let (mut webhook, _) = webhook();
        let miss = |webhook: &mut Webhook, days| {
            webhook.missed(now() + TimeDelta::days(days), false, patience, lost())
        };
        assert!(miss(&mut webhook, 0) && !miss(&mut webhook, 4) && webhook.is_on());
        assert!(webhook.took() && !webhook.took());
        assert!(miss(&mut webhook, 5) && !miss(&mut webhook, 9) && webhook.is_on());
        assert!(miss(&mut webhook, 10) && !webhook.is_on());
        assert_eq!(webhook.hook.off.as_ref().unwrap().cause, OffCause::Failing);
        assert!(!miss(&mut webhook, 11), "once");
        webhook.change(None, Some(true), None, now()).unwrap();
        assert!(webhook.is_on() && webhook.hook.failing_since.is_none());
        assert!(webhook.missed(now(), true, patience, lost()));
        assert_eq!(webhook.hook.off.as_ref().unwrap().cause, OffCause::Gone);
    }

    #[test]
    fn what_is_told_names_nobody() {
        for news in News::samples(now()) {
            let id = MessageId::new(Uuid::from_u128(5));
            let told = envelope(id, now(), lost().dossier, "H53-1", 3, &news);
            let told: serde_json::Value = serde_json::from_str(&told).unwrap();
            let names: Vec<_> = told["data"].as_object().unwrap().keys().cloned().collect();
            assert_eq!(names, ["case", "code", "dossier", "time", "topic", "version"]);
            assert_eq!(told["specversion"], "1.0");
        }
    }
}
