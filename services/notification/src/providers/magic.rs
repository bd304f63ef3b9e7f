use chrono::TimeDelta;
use motcua_context::Timestamp;

use super::{Listener, Provider};
use crate::{
    config,
    domain::{Address, Answer, Arrival, Message, MessageState, Receipt, Taken, parts},
};

/// Mailboxes in a domain that nobody can have (RFC 2606).
const DOMAIN: &str = "@magic.example";
/// Telephones are magic by this beginning. In production, where one may be somebody's, none is.
const NUMBERS: &str = "+849000000";

/// What happens to a message there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// It arrives, and its receipt is faster than we are.
    Delivered,
    /// It is refused for now, again and again.
    Later,
    /// It is refused for now, once; the next try arrives.
    Once,
    /// It is refused for ever.
    Refused,
    /// It is taken, and a receipt says that nobody can be reached.
    Undeliverable,
    /// It is taken, and nothing more is heard of it.
    Silent,
}

/// Plays a provider for the addresses above, so that the whole way of a message can be seen.
pub(super) struct Magic {
    listener: Listener,
}

impl Magic {
    pub(super) const fn new(listener: Listener) -> Self {
        Self { listener }
    }

    async fn take(&self, message: &Message, arrival: Option<Arrival>) -> Answer {
        let id = message.id.uuid().simple().to_string();
        let segments = parts(&message.written.text).map_or(1, |parts| parts.octets.len());
        if let Some(arrival) = arrival {
            let receipt = Receipt { provider: "magic".to_owned(), id: id.clone(), arrival };
            if (self.listener)(receipt).await.is_err() {
                return Answer::later("UNAVAILABLE");
            }
        }
        let segments = u16::try_from(segments).unwrap_or(u16::MAX);
        Answer::Taken(Taken { id: Some(id), segments, receipt: true })
    }
}

#[async_trait::async_trait]
impl Provider for Magic {
    async fn send(&self, _: Timestamp, message: &Message) -> Answer {
        match fate(&message.written.address) {
            Some(Fate::Delivered) => self.take(message, Some(Arrival::Delivered)).await,
            Some(Fate::Undeliverable) => self.take(message, Some(Arrival::Undeliverable)).await,
            Some(Fate::Silent) => self.take(message, None).await,
            Some(Fate::Once) if !matches!(message.state, MessageState::Queued { attempts: 0 }) => {
                self.take(message, Some(Arrival::Delivered)).await
            }
            Some(Fate::Later | Fate::Once) => {
                Answer::Later { reason: "MAGIC_LATER".into(), wait: Some(TimeDelta::seconds(1)) }
            }
            Some(Fate::Refused) | None => Answer::refused("MAGIC_REFUSED"),
        }
    }
}

/// Whether a message there is only played with.
pub(super) fn is_magic(which: config::Magic, address: &Address) -> bool {
    match address {
        Address::Inbox(_) | Address::Webhook(_) => false,
        Address::Sms(phone) | Address::Zalo(phone) => {
            which == config::Magic::All && phone.e164().starts_with(NUMBERS)
        }
        Address::Email(address) => which != config::Magic::None && address.key().ends_with(DOMAIN),
    }
}

fn fate(address: &Address) -> Option<Fate> {
    let key = address.key();
    let word = match address {
        Address::Inbox(_) | Address::Webhook(_) => None,
        Address::Sms(_) | Address::Zalo(_) => key.strip_prefix(NUMBERS),
        Address::Email(_) => key.strip_suffix(DOMAIN),
    };
    match word? {
        "01" | "delivered" => Some(Fate::Delivered),
        "02" | "later" => Some(Fate::Later),
        "03" | "refused" => Some(Fate::Refused),
        "04" | "undeliverable" => Some(Fate::Undeliverable),
        "05" | "silent" => Some(Fate::Silent),
        "06" | "once" => Some(Fate::Once),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use motcua_vn::{EmailAddress, PhoneNumber};

    use super::*;

    #[test]
    fn only_these_addresses_are_magic() {
        let sms = |text| Address::Sms(PhoneNumber::parse(text).unwrap());
        let email = |text| Address::Email(EmailAddress::parse(text).unwrap());
        for (address, known) in [
            (sms("0900000001"), Some(Fate::Delivered)),
            (sms("0900000002"), Some(Fate::Later)),
            (sms("0900000099"), None),
            (email("Refused@magic.example"), Some(Fate::Refused)),
            (email("undeliverable@magic.example"), Some(Fate::Undeliverable)),
        ] {
            assert!(is_magic(config::Magic::All, &address));
            assert_eq!(is_magic(config::Magic::Mailboxes, &address), address.is_mailbox());
            assert!(!is_magic(config::Magic::None, &address));
            assert_eq!(fate(&address), known);
        }
        for address in [sms("0900000101"), sms("0912345678"), email("a@notmagic.example")] {
            assert!(!is_magic(config::Magic::All, &address), "{address:?}");
        }
    }
}
