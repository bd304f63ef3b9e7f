//! Short messages by Viettel's gateway of brand names: SOAP 1.1, the operation `wsCpMt`.

use motcua_context::Timestamp;
use motcua_outside::Http;
use quick_xml::{
    Reader,
    escape::{escape, resolve_predefined_entity},
    events::Event,
};

use super::{Provider, gateway};
use crate::{
    config::ViettelConfig,
    domain::{Address, Alphabet, Answer, Message, Taken, parts},
};

const NAME: &str = "viettel";
/// The deepest element of an answer stands at the fifth level.
const DEPTH: usize = 16;

/// The gateway.
pub(super) struct Viettel {
    config: ViettelConfig,
    http: Http,
}

/// What the gateway answered.
#[derive(Debug, PartialEq, Eq)]
struct Said {
    /// 1: it was taken.
    result: String,
    /// In words, which begin alike for alike reasons.
    message: String,
}

impl Viettel {
    pub(super) fn new(config: ViettelConfig) -> anyhow::Result<Self> {
        Ok(Self { http: gateway::way(config.answer_s, config.ca.as_deref())?, config })
    }
}

#[async_trait::async_trait]
impl Provider for Viettel {
    async fn send(&self, _: Timestamp, message: &Message) -> Answer {
        let written = &message.written;
        let Address::Sms(to) = &written.address else { return Answer::refused("NO_TELEPHONE") };
        let Some(parts) = parts(&written.text) else { return Answer::refused("TEXT_TOO_LONG") };
        let reference = gateway::reference(message.id);
        let to = to.e164().trim_start_matches('+');
        let own = &self.config;
        let body = envelope(&[
            ("User", &own.user),
            ("Password", own.password.expose()),
            ("CPCode", &own.cp_code),
            ("RequestID", &reference),
            ("UserID", to),
            ("ReceiverID", to),
            ("ServiceID", &own.service),
            ("CommandCode", "bulksms"),
            ("Content", &written.text),
            ("ContentType", if parts.alphabet == Alphabet::Gsm7 { "0" } else { "1" }),
        ]);
        let request = self.http.post(own.url.as_str()).body(body);
        let request = request.header("content-type", "text/xml; charset=utf-8");
        let reply = match gateway::ask(NAME, request.header("soapaction", "\"\"")).await {
            Ok(reply) => reply,
            Err(answer) => return answer,
        };
        let Some(said) = reply.text().and_then(said) else { return gateway::unclear(NAME) };
        if said.is_repeated() {
            gateway::repeated(NAME);
        }
        if said.is_taken() {
            let segments = u16::try_from(parts.octets.len()).unwrap_or(u16::MAX);
            return Answer::Taken(Taken { id: Some(reference), segments, receipt: false });
        }
        said.refused()
    }
}

impl Said {
    /// Taken, now or before: the same words to the same telephone are taken once.
    fn is_taken(&self) -> bool {
        self.result == "1" || self.is_repeated()
    }

    fn is_repeated(&self) -> bool {
        self.message.contains("DUPLICATE MESSAGE")
    }

    /// Never what is about the message: its number, or its words. What is about the account, the
    /// name or the registered texts can be mended while messages wait.
    fn refused(&self) -> Answer {
        let begins = |with: &[&str]| with.iter().any(|with| self.message.starts_with(with));
        if begins(&["Check ReceiverID", "Check UserID", "Unable to check telco"]) {
            return Answer::refused("VIETTEL_NUMBER_REFUSED");
        }
        if begins(&["Check Content"]) {
            return Answer::refused("VIETTEL_TEXT_REFUSED");
        }
        let message = gateway::loggable(&self.message);
        tracing::warn!(provider = NAME, message, "a gateway does not take a message");
        Answer::later(match () {
            () if begins(&["Authenticate", "CP_CODE"]) => "VIETTEL_ACCOUNT",
            () if begins(&["Check ServiceID", "Check template"]) => "VIETTEL_NAME",
            () => "VIETTEL_FAILS",
        })
    }
}

fn envelope(fields: &[(&str, &str)]) -> String {
    let fields = fields.iter().map(|(name, value)| format!("<{name}>{}</{name}>", escape(*value)));
    let fields = fields.collect::<Vec<_>>().concat();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\
         <soapenv:Envelope xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\" \
         xmlns:impl=\"http://impl.bulkSms.ws/\"><soapenv:Body>\
         <impl:wsCpMt>{fields}</impl:wsCpMt></soapenv:Body></soapenv:Envelope>"
    )
}

/// The `return` of an answer; none where it has no result.
fn said(text: &str) -> Option<Said> {
    let mut xml = Reader::from_str(text);
    let (mut path, mut result, mut message) = (Vec::new(), None, String::new());
    loop {
        let text = match xml.read_event().ok()? {
            Event::Start(start) if path.len() < DEPTH => {
                path.push(start.local_name().into_inner().to_owned());
                continue;
            }
            Event::End(_) => {
                path.pop();
                continue;
            }
            Event::Text(text) => (*text).to_owned(),
            Event::CData(text) => (*text).to_owned(),
            Event::GeneralRef(entity) => resolve_predefined_entity(&entity)?.to_owned(),
            Event::Empty(_) | Event::Decl(_) | Event::Comment(_) => continue,
            Event::Eof => break,
            // Too deep, or what a SOAP message must not have (SOAP 1.1, 3).
            Event::Start(_) | Event::DocType(_) | Event::PI(_) => return None,
        };
        match path.last().map(String::as_str) {
            Some("result") => result.get_or_insert_with(String::new).push_str(text.trim()),
            Some("message") => message.push_str(&text),
            _ => {}
        }
    }
    Some(Said { result: result?, message: message.trim().to_owned() })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn answer(message: &str, result: &str) -> String {
        format!(
            "<?xml version=\"1.0\" ?><S:Envelope xmlns:S=\"http://schemas.xmlsoap.org/soap/envelope/\">\
             <S:Body><n:wsCpMtResponse xmlns:n=\"http://impl.bulkSms.ws/\"><return>\
             <message>{message}</message><result>{result}</result></return></n:wsCpMtResponse>\
             </S:Body></S:Envelope>"
        )
    }

    #[test]
    fn what_is_about_us_may_pass_and_what_is_about_the_message_does_not() {
        let of = |message: &str| said(&answer(message, "0")).unwrap().refused();
        for (message, reason) in [
            ("Check ReceiverID: FORMAT_ERROR", "VIETTEL_NUMBER_REFUSED"),
            ("Unable to check telco from input receiver", "VIETTEL_NUMBER_REFUSED"),
            ("Check Content: MSG_ERROR_CONTAIN_BLACKLIST", "VIETTEL_TEXT_REFUSED"),
        ] {
            assert_eq!(of(message), Answer::refused(reason));
        }
        for (message, reason) in [
            ("Authenticate: WRONG_INFORMATION_AUTHENTICATE", "VIETTEL_ACCOUNT"),
            ("Authenticate: IP_INVALID (YOUR IP: 10.0.0.1)", "VIETTEL_ACCOUNT"),
            ("CP_CODE_NOT_FOUND", "VIETTEL_ACCOUNT"),
            ("Check ServiceID: ALIAS_INVALID:TELCO=MB", "VIETTEL_NAME"),
            ("Check template: CONTENT_NOT_MATCH_TEMPLATE", "VIETTEL_NAME"),
            ("Check information error", "VIETTEL_FAILS"),
            ("", "VIETTEL_FAILS"),
        ] {
            assert_eq!(of(message), Answer::later(reason), "{message}");
        }
        assert!(said(&answer("Check ServiceID: DUPLICATE MESSAGE", "0")).unwrap().is_taken());
        assert!(said(&answer("Insert MT_QUEUE: OK", "1")).unwrap().is_taken());
        assert!(!said(&answer("OK &amp; well", "11")).unwrap().is_taken());
    }

    #[test]
    fn what_is_no_answer_says_nothing() {
        for text in ["", "OK", "<html><body>502</body></html>", "<a><message>x</message></a>"] {
            assert_eq!(said(text), None, "{text}");
        }
        let bomb = format!("<!DOCTYPE a [<!ENTITY b \"c\">]>{}", answer("&b;", "1"));
        assert_eq!(said(&bomb), None);
        assert_eq!(said(&answer("&b;", "1")), None);
        assert_eq!(said(&"<a>".repeat(1_000)), None);
    }

    proptest! {
        #[test]
        fn any_answer_is_read_or_says_nothing(text in "\\PC{0,200}", in_it in "[<>&;/a-z !-]{0,80}") {
            let _ = said(&text);
            let _ = said(&in_it);
            if let Some(said) = said(&answer(&in_it, "1")) {
                prop_assert!(said.is_taken());
            }
        }

        #[test]
        fn what_is_written_is_read_again(text in "[ -~\u{c0}-\u{1ef9}]{0,200}") {
            let written = envelope(&[("result", "1"), ("message", &text)]);
            let read = said(&written).unwrap();
            prop_assert_eq!(read.message, text.trim());
        }
    }
}
