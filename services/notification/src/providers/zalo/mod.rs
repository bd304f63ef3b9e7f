//! Messages by Zalo (ZNS): texts that Zalo approved, to the account of a telephone.

mod events;
mod oauth;
mod talk;

use std::sync::Arc;

use chrono::{NaiveTime, TimeDelta};
use motcua_context::Timestamp;
use motcua_fault::Fault;
use motcua_outside::Http;
use serde_json::{Value, json};
use url::Url;

pub(crate) use self::{
    events::{Hearer, routes},
    oauth::Oauth,
    talk::{Miss, Talk},
};
use super::{Provider, gateway};
use crate::{
    config::ZaloConfig,
    domain::{Address, Answer, Message, QuietHours, Taken, Zns},
};

const NAME: &str = "zalo";
/// How long is waited where a quota or the money is used up.
const USED_UP: TimeDelta = TimeDelta::hours(1);
/// Zalo's own hours without messages: until when, and from when.
const MORNING: (u32, u32) = (6, 0);
const NIGHT: (u32, u32) = (22, 0);

/// Who holds what we are known by there.
#[async_trait::async_trait]
pub(crate) trait Holder: Send + Sync {
    /// An access token, another than the one that was refused.
    async fn access(&self, refused: Option<&str>) -> Result<String, Fault>;
}

/// Zalo's doors, by the token that opens them.
struct Doors {
    http: Http,
    holder: Arc<dyn Holder>,
}

impl Doors {
    fn new(config: &ZaloConfig, holder: Arc<dyn Holder>) -> anyhow::Result<Self> {
        Ok(Self { http: gateway::way(config.answer_s, config.ca.as_deref())?, holder })
    }

    /// What is answered to a message with this token.
    async fn say(&self, url: &Url, access: &str, body: &str) -> Result<Value, Answer> {
        let request = self.http.post(url.as_str()).header("access_token", access);
        let request = request.header("content-type", "application/json").body(body.to_owned());
        let reply = gateway::ask(NAME, request).await?;
        reply.json().filter(|said| code(said).is_some()).ok_or_else(|| gateway::unclear(NAME))
    }

    /// What is answered; with another token, where the first is none any more.
    async fn send(&self, url: &Url, body: &str) -> Result<Value, Answer> {
        let away = |fault: Fault| {
            tracing::warn!(%fault, "there is nothing to be known by at Zalo");
            Answer::later("ZALO_ACCOUNT")
        };
        let access = self.holder.access(None).await.map_err(away)?;
        let said = self.say(url, &access, body).await?;
        if !code(&said).is_some_and(is_about_token) {
            return Ok(said);
        }
        let access = self.holder.access(Some(&access)).await.map_err(away)?;
        self.say(url, &access, body).await
    }
}

/// The way to Zalo.
pub(super) struct Zalo {
    config: ZaloConfig,
    doors: Doors,
}

impl Zalo {
    pub(super) fn new(config: ZaloConfig, holder: Arc<dyn Holder>) -> anyhow::Result<Self> {
        Ok(Self { doors: Doors::new(&config, holder)?, config })
    }
}

#[async_trait::async_trait]
impl Provider for Zalo {
    async fn send(&self, now: Timestamp, message: &Message) -> Answer {
        let Address::Zalo(to) = &message.written.address else {
            return Answer::refused("NO_TELEPHONE");
        };
        let Some(zns) = Zns::of(&message.template, &message.written.text) else {
            return Answer::refused("ZALO_TEXT_REFUSED");
        };
        let body = json!({
            "phone": to.e164().trim_start_matches('+'),
            "template_id": zns.template,
            "template_data": zns.data,
            "tracking_id": message.id.uuid().to_string(),
        });
        match self.doors.send(&self.config.api_url, &body.to_string()).await {
            Ok(said) => answer(now, &said, self.config.events_secret.is_some()),
            Err(answer) => answer,
        }
    }
}

/// What Zalo says, as its table of errors has it; `events`: whether it tells when a message came.
fn answer(now: Timestamp, said: &Value, events: bool) -> Answer {
    let Some(code) = code(said) else { return gateway::unclear(NAME) };
    let later = |reason: &'static str, wait| Answer::Later { reason: reason.into(), wait };
    match code {
        0 => {
            let id = said["data"]["msg_id"].as_str().map(str::to_owned);
            let receipt = events && id.is_some();
            return Answer::Taken(Taken { id, segments: 1, receipt });
        }
        // No such number; nobody there, or nobody who can or will have messages of this kind.
        -108 => return Answer::refused("ZALO_NUMBER_REFUSED"),
        -110 | -114 | -118 | -119 | -134 | -141..=-139 => {
            return Answer::refused("ZALO_PERSON_REFUSED");
        }
        // The same values are wrong another time too.
        -111 | -112 | -116 | -130 | -132 | -1129..=-1120 => {
            return Answer::refused("ZALO_TEXT_REFUSED");
        }
        -133 => return later("ZALO_NIGHT", Some(until_morning(now))),
        _ => {}
    }
    tracing::warn!(provider = NAME, code, "a gateway does not take a message");
    match code {
        -115 | -126 | -137 | -144 | -147 => later("ZALO_QUOTA", Some(USED_UP)),
        -109 | -117 | -127 | -131 | -145 | -146 => later("ZALO_TEMPLATE", None),
        code if is_about_token(code) => later("ZALO_ACCOUNT", None),
        -107..=-101 | -120 | -125 | -135 | -136 | -138 | -202 => later("ZALO_ACCOUNT", None),
        _ => later("ZALO_FAILS", None),
    }
}

const fn is_about_token(code: i64) -> bool {
    matches!(code, -124 | -201 | -216)
}

fn code(said: &Value) -> Option<i64> {
    said["error"].as_i64()
}

/// How long Zalo takes nothing.
fn until_morning(now: Timestamp) -> TimeDelta {
    let at = |(hour, minute)| NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or_default();
    let night = QuietHours { from: at(NIGHT), until: at(MORNING) };
    night.after(now) - now
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_about_us_may_pass_and_what_is_about_the_person_does_not() {
        let now = "2026-11-28T16:30:00Z".parse().unwrap();
        let of = |code: i64| answer(now, &json!({"error": code, "message": "x"}), true);
        for (code, reason) in [
            (-108, "ZALO_NUMBER_REFUSED"),
            (-118, "ZALO_PERSON_REFUSED"),
            (-141, "ZALO_PERSON_REFUSED"),
            (-112, "ZALO_TEXT_REFUSED"),
            (-1123, "ZALO_TEXT_REFUSED"),
        ] {
            assert_eq!(of(code), Answer::refused(reason));
        }
        for (code, reason) in [
            (-100, "ZALO_FAILS"),
            (-101, "ZALO_ACCOUNT"),
            (-104, "ZALO_ACCOUNT"),
            (-124, "ZALO_ACCOUNT"),
            (-201, "ZALO_ACCOUNT"),
            (-109, "ZALO_TEMPLATE"),
            (1, "ZALO_FAILS"),
        ] {
            assert_eq!(of(code), Answer::later(reason), "{code}");
        }
        let waits = |code| match of(code) {
            Answer::Later { wait, .. } => wait.unwrap(),
            other => panic!("{other:?}"),
        };
        assert_eq!(waits(-115), TimeDelta::hours(1));
        // Half past eleven at night: until six.
        assert_eq!(waits(-133), TimeDelta::minutes(390));
    }

    #[test]
    fn what_was_taken_has_their_number() {
        let now = "2026-11-28T08:00:00Z".parse().unwrap();
        let taken = |id: Option<&str>, receipt| {
            Answer::Taken(Taken { id: id.map(str::to_owned), segments: 1, receipt })
        };
        let (known, unknown) = (json!({"error": 0, "data": {"msg_id": "m1"}}), json!({"error": 0}));
        for events in [false, true] {
            assert_eq!(answer(now, &known, events), taken(Some("m1"), events));
            assert_eq!(answer(now, &unknown, events), taken(None, false));
        }
    }
}
