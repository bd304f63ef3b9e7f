//! Short messages by VinaPhone's gateway of brand names: `RQST` and `RPLY`, JSON over HTTP.

use motcua_context::Timestamp;
use motcua_outside::{Answer as Reply, Http};
use motcua_vn::PhoneNumber;
use serde_json::{Value, json};

use super::{Provider, gateway};
use crate::{
    config::VinaphoneConfig,
    domain::{Address, Alphabet, Answer, Message, Parts, Taken, parts},
};

const NAME: &str = "vinaphone";
/// The code of a message that was taken.
const TAKEN: &str = "0";

/// The gateway.
pub(super) struct Vinaphone {
    config: VinaphoneConfig,
    http: Http,
}

impl Vinaphone {
    pub(super) fn new(config: VinaphoneConfig) -> anyhow::Result<Self> {
        Ok(Self { http: gateway::way(config.answer_s, config.ca.as_deref())?, config })
    }

    fn request(&self, reference: &str, to: &PhoneNumber, text: &str, parts: &Parts) -> Value {
        let own = &self.config;
        json!({ "RQST": {
            "name": "send_sms_list",
            "REQID": reference,
            "LABELID": own.label,
            "CONTRACTTYPEID": own.contract_type,
            "CONTRACTID": own.contract,
            "TEMPLATEID": own.template,
            "PARAMS": [{ "NUM": "1", "CONTENT": text }],
            "SCHEDULETIME": "",
            "MOBILELIST": to.e164().trim_start_matches('+'),
            "ISTELCOSUB": "0",
            "AGENTID": own.agent,
            "APIUSER": own.api_user,
            "APIPASS": own.api_password.expose(),
            "USERNAME": own.user,
            "DATACODING": if parts.alphabet == Alphabet::Gsm7 { "0" } else { "8" },
        } })
    }
}

#[async_trait::async_trait]
impl Provider for Vinaphone {
    async fn send(&self, _: Timestamp, message: &Message) -> Answer {
        let written = &message.written;
        let Address::Sms(to) = &written.address else { return Answer::refused("NO_TELEPHONE") };
        let Some(parts) = parts(&written.text) else { return Answer::refused("TEXT_TOO_LONG") };
        let reference = gateway::reference(message.id);
        let body = self.request(&reference, to, &written.text, &parts);
        let request = self.http.post(self.config.url.as_str());
        let request = request.header("content-type", "application/json").body(body.to_string());
        let reply = match gateway::ask(NAME, request).await {
            Ok(reply) => reply,
            Err(answer) => return answer,
        };
        let Some(code) = code(&reply) else { return gateway::unclear(NAME) };
        let has = |codes: &[String]| codes.contains(&code);
        let repeated = has(&self.config.repeated);
        if repeated {
            gateway::repeated(NAME);
        }
        if code == TAKEN || repeated {
            let segments = u16::try_from(parts.octets.len()).unwrap_or(u16::MAX);
            return Answer::Taken(Taken { id: Some(reference), segments, receipt: false });
        }
        let shown = gateway::loggable(&code);
        tracing::warn!(provider = NAME, code = shown, "a gateway does not take a message");
        if has(&self.config.refused) {
            Answer::refused("VINAPHONE_REFUSED")
        } else {
            Answer::later("VINAPHONE_FAILS")
        }
    }
}

/// The code of an answer; some versions write it as a number.
fn code(reply: &Reply) -> Option<String> {
    match &reply.json()?["RPLY"]["ERROR"] {
        Value::String(code) => Some(code.trim().to_owned()),
        Value::Number(code) => Some(code.to_string()),
        _ => None,
    }
}
