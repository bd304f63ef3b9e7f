//! Those outside who carry messages, of other makers, and what they were given.

use anyhow::Result;
use motcua::demo::{
    cast::Signed,
    story::Story,
    world::{refused, request_id},
};
use motcua_proto::{
    intake::v1::Dossier,
    notification::v1::{ChannelUse, MessageTopic, Preferences, UpdatePreferencesRequest},
};
use motcua_testkit::counterpart::Counterpart;
use serde_json::Value;

/// A mail server, and the gateways of an operator and of Zalo.
pub(super) struct Carriers {
    mail: Counterpart,
    gateways: Counterpart,
    /// What they said so far.
    letters: Vec<Value>,
    taken: Vec<Value>,
}

/// What people are told of a payment: in a letter, in a short message, and by which text of Zalo's.
pub(super) struct News {
    topic: MessageTopic,
    letter: &'static str,
    sms: &'static str,
    zalo: &'static str,
}

pub(super) const REQUESTED: News = News {
    topic: MessageTopic::PaymentRequested,
    letter: "có phí, lệ phí phải nộp: 70.000 đồng",
    sms: "phai nop phi, le phi 70.000 dong",
    zalo: "331",
};

pub(super) const RECEIVED: News = News {
    topic: MessageTopic::PaymentReceived,
    letter: "Đã nhận đủ phí, lệ phí",
    sms: "Da nhan phi, le phi 70.000 dong",
    zalo: "332",
};

pub(super) const REFUNDED: News = News {
    topic: MessageTopic::PaymentRefunded,
    letter: "Đã hoàn cho Ông/Bà 20.000 đồng",
    sms: "Da hoan 20.000 dong",
    zalo: "333",
};

impl Carriers {
    pub(super) async fn start() -> Self {
        let (mail, gateways) = tokio::join!(Counterpart::mailbox(&[]), Counterpart::gateways());
        Self { mail, gateways, letters: Vec::new(), taken: Vec::new() }
    }

    /// The settings that lead to them.
    pub(super) fn settings(&self) -> Vec<String> {
        let gateways = format!("http://127.0.0.1:{}", self.gateways.port);
        let texts = [
            ("payment_requested", &REQUESTED),
            ("payment_received", &RECEIVED),
            ("payment_refunded", &REFUNDED),
        ];
        let params = r#"{ ma = "code", tien = "amount" }"#;
        let texts = texts.map(|(topic, news)| {
            format!(r#"{topic} = {{ id = "{}", params = {params} }}"#, news.zalo)
        });
        [
            // One person files all of the journey's dossiers in a day.
            "classes.courtesy.telephone_a_day=0".to_owned(),
            "smtp.host=localhost".to_owned(),
            format!("smtp.port={}", self.mail.port),
            "smtp.from=Cổng Dịch vụ công <khongtraloi@motcua.example>".to_owned(),
            "smtp.tls=none".to_owned(),
            format!("vinaphone.url={gateways}/vinaphone"),
            "vinaphone.label=1001".to_owned(),
            "vinaphone.contract_type=1".to_owned(),
            "vinaphone.contract=2002".to_owned(),
            "vinaphone.template=3003".to_owned(),
            "vinaphone.agent=4004".to_owned(),
            "vinaphone.api_user=motcua".to_owned(),
            "vinaphone.api_password=secret".to_owned(),
            "vinaphone.user=tinh".to_owned(),
            format!("zalo.api_url={gateways}/zalo"),
            format!("zalo.oauth_url={gateways}/oauth"),
            "zalo.app_id=4412".to_owned(),
            "zalo.secret_key=secret".to_owned(),
            "zalo.refresh_token=first".to_owned(),
            format!("zalo.templates={{ {} }}", texts.join(", ")),
        ]
        .map(|pair| format!("notification.{pair}"))
        .to_vec()
    }

    /// Waits until the citizen was told this of a dossier in the inbox, by letter, by short
    /// message and by Zalo; whoever is not told fails the test.
    pub(super) async fn told(
        &mut self,
        story: &Story<'_>,
        dossier: &Dossier,
        news: &News,
    ) -> Result<()> {
        let code = dossier.code.as_str();
        story.message(&dossier.name, news.topic).await?;
        let letter = |one: &Value| says(&one["text"], &[news.letter, code]);
        while !self.letters.iter().any(letter) {
            self.letters.push(self.mail.says("letter").await);
        }
        let sms = |one: &Value| {
            let message = &one["asked"]["PARAMS"];
            one["gateway"] == "vinaphone" && says_in(message, &[news.sms, code])
        };
        let zalo = |one: &Value| {
            one["gateway"] == "zalo"
                && one["asked"]["template_id"] == news.zalo
                && one["asked"]["template_data"]["ma"] == code
                && one["asked"]["right"] == true
        };
        while !(self.taken.iter().any(sms) && self.taken.iter().any(zalo)) {
            self.taken.push(self.gateways.says("asked").await);
        }
        Ok(())
    }
}

/// Somebody wants to be told of everything on every channel.
pub(crate) async fn tell_everywhere(story: &Story<'_>, who: &Signed) -> Result<()> {
    let all = ChannelUse::All.into();
    let preferences = Preferences { sms: all, email: all, zalo: all, ..Preferences::default() };
    let ask = UpdatePreferencesRequest {
        request_id: request_id(),
        preferences: Some(preferences),
        update_mask: None,
    };
    story.world.notification(who).update_preferences(ask).await.map_err(refused)?;
    Ok(())
}

fn says(text: &Value, parts: &[&str]) -> bool {
    text.as_str().is_some_and(|text| parts.iter().all(|part| text.contains(part)))
}

/// Wherever in it.
fn says_in(value: &Value, parts: &[&str]) -> bool {
    says(&Value::String(value.to_string()), parts)
}
