use anyhow::{Context, anyhow};
use lettre::{
    Address, Message as Letter,
    address::Envelope,
    message::{
        Mailbox,
        dkim::{
            DkimCanonicalization, DkimCanonicalizationType, DkimConfig, DkimSigningAlgorithm,
            DkimSigningKey,
        },
        header::{ContentType, HeaderName, HeaderValue},
    },
};
use motcua_context::Timestamp;
use motcua_vn::EmailAddress;

use super::unsubscribe::{FIELD, ONE_CLICK, Unsubscribing};
use crate::{config::SmtpConfig, domain::Message, providers::ReturnAddress};

const AUTO: &str = "Auto-Submitted";
const UNSUBSCRIBE: &str = FIELD;
const UNSUBSCRIBE_POST: &str = "List-Unsubscribe-Post";

/// What a signature covers (RFC 6376, 5.4; RFC 8058, 4).
const SIGNED: [&str; 8] =
    ["From", "To", "Subject", "Date", "Message-ID", "Content-Type", UNSUBSCRIBE, UNSUBSCRIBE_POST];

/// Writes messages as letters (RFC 5322).
pub(super) struct Writer {
    from: Mailbox,
    unsubscribing: Unsubscribing,
    signature: Option<DkimConfig>,
    returns: Option<ReturnAddress>,
}

impl Writer {
    pub(super) fn new(
        config: &SmtpConfig,
        returns: Option<ReturnAddress>,
        unsubscribing: Unsubscribing,
    ) -> anyhow::Result<Self> {
        let from = config.from.as_deref().context("notification.smtp.from is missing")?;
        let from: Mailbox = from.parse().context("notification.smtp.from is no address")?;
        let signature = match (&config.dkim_key, &config.dkim_selector) {
            (Some(file), Some(selector)) => {
                let text =
                    std::fs::read_to_string(file).with_context(|| file.display().to_string())?;
                let key = key(&text)
                    .with_context(|| format!("{} holds no key to sign with", file.display()))?;
                Some(signature(selector, from.email.domain(), key))
            }
            _ => None,
        };
        Ok(Self { from, unsubscribing, signature, returns })
    }

    /// The writer's domain.
    pub(super) fn domain(&self) -> &str {
        self.from.email.domain()
    }

    /// The same for every try: by it a reader's mailbox knows a repeat.
    pub(super) fn id(&self, message: &Message) -> String {
        format!("{}@{}", message.id.uuid(), self.domain())
    }

    pub(super) fn write(
        &self,
        now: Timestamp,
        to: &EmailAddress,
        message: &Message,
    ) -> anyhow::Result<Letter> {
        // What the address is may be told to nobody, an error's text included.
        let to: Address = to.reveal().parse().map_err(|_| anyhow!("no address"))?;
        let mut letter = Letter::builder();
        if let Some(returns) = &self.returns {
            // Whom people see as the writer stays; what comes back goes to the letter's own address.
            let sender = returns.of(message.id).parse()?;
            letter = letter.envelope(Envelope::new(Some(sender), vec![to.clone()])?);
        }
        letter = letter
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(message.written.title.clone())
            .date(now.into())
            .message_id(Some(format!("<{}>", self.id(message))))
            .raw_header(header(AUTO, "auto-generated".to_owned()))
            .header(ContentType::TEXT_PLAIN);
        let stops = self.unsubscribing.of(message.id);
        if let Some(address) = stops.filter(|_| !message.topic.is_required()) {
            letter = letter
                .raw_header(header(UNSUBSCRIBE, format!("<{address}>")))
                .raw_header(header(UNSUBSCRIBE_POST, format!("{FIELD}={ONE_CLICK}")));
        }
        let mut letter = letter.body(message.written.text.clone())?;
        if let Some(signature) = &self.signature {
            letter.sign(signature);
        }
        Ok(letter)
    }
}

fn header(name: &'static str, value: String) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value)
}

fn key(text: &str) -> anyhow::Result<DkimSigningKey> {
    let (text, algorithm) = if text.contains("-----BEGIN") {
        (text, DkimSigningAlgorithm::Rsa)
    } else {
        (text.trim(), DkimSigningAlgorithm::Ed25519)
    };
    Ok(DkimSigningKey::new(text, algorithm)?)
}

fn signature(selector: &str, domain: &str, key: DkimSigningKey) -> DkimConfig {
    let headers = SIGNED.map(HeaderName::new_from_ascii_str).to_vec();
    let canonicalization = DkimCanonicalization {
        header: DkimCanonicalizationType::Relaxed,
        body: DkimCanonicalizationType::Relaxed,
    };
    DkimConfig::new(selector.to_owned(), domain.to_owned(), key, headers, canonicalization)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// So that an address of which no letter can be made is a defect of ours, and alerted of.
    #[test]
    fn every_address_that_we_take_is_one_of_a_letter() {
        let label = "x".repeat(63);
        let longest = format!("{}@{label}.{label}.{}.vn", "a".repeat(64), "x".repeat(58));
        assert_eq!(longest.len(), 254);
        for text in [
            "dao.tran+hs@example.vn",
            "!#$%&'*+-/=?^_`{|}~@example.vn",
            "-@1.vn",
            "a@xn--a.x1",
            "a@x--y.example.vn",
            &longest,
        ] {
            let address = EmailAddress::parse(text).unwrap();
            assert!(address.reveal().parse::<Address>().is_ok(), "{text}");
        }
    }
}
