use rusmpp::{
    pdus::DeliverSm,
    tlvs::TlvValue,
    values::{EsmClass, MessageState, MessageType},
};

use crate::{
    config::SmppIds,
    domain::{Arrival, Receipt},
};

/// The last key of a receipt: what follows is the beginning of the message itself.
const TEXT: &str = "text:";
/// Longer than an id of any centre (SMPP 3.4, 5.2.23).
const LONGEST_ID: usize = 64;

/// What a centre says became of a message, if that is what it says and it is final.
pub(super) fn of(deliver: &DeliverSm, ids: SmppIds) -> Option<Receipt> {
    if !is_receipt(deliver.esm_class) {
        return None;
    }
    let (mut id, mut arrival, mut payload) = (None, None, None);
    for value in deliver.tlvs().iter().filter_map(|tlv| tlv.value()) {
        match value {
            TlvValue::ReceiptedMessageId(known) => id = Some(ids.taken(known.as_str())),
            TlvValue::MessageState(state) => arrival = of_state(*state),
            TlvValue::MessagePayload(content) => payload = Some(content),
            _ => {}
        }
    }
    let content = match payload {
        Some(payload) => payload.value.as_ref(),
        None => deliver.short_message().as_ref(),
    };
    let told = Told::read(content);
    let told_id = told.id.map(|id| ids.told(&id));
    let id = id.or(told_id).filter(|id| !id.is_empty() && id.len() <= LONGEST_ID)?;
    let arrival = told.arrival.or(arrival)?;
    Some(Receipt { provider: "smpp".to_owned(), id, arrival })
}

fn is_receipt(class: EsmClass) -> bool {
    class.message_type == MessageType::ShortMessageContainsMCDeliveryReceipt
}

/// What the text of a receipt tells (SMPP 3.4, appendix B): `id:… sub:… stat:DELIVRD … text:…`.
/// Centres differ in order, case and what they leave out.
#[derive(Debug, Default, PartialEq, Eq)]
struct Told {
    id: Option<String>,
    /// None: it is on its way still, or nothing is said of that.
    arrival: Option<Arrival>,
}

impl Told {
    fn read(content: &[u8]) -> Self {
        let text = String::from_utf8_lossy(content);
        let lower = text.to_ascii_lowercase();
        let end = lower.find(TEXT).unwrap_or(text.len());
        let (text, lower) = (&text[..end], &lower[..end]);
        let id = value(text, lower, "id:").map(ToOwned::to_owned);
        let arrival = value(text, lower, "stat:").and_then(of_word);
        Self { id, arrival }
    }
}

/// The value of a key that begins a word; `lower` is the text in small letters.
fn value<'t>(text: &'t str, lower: &str, key: &str) -> Option<&'t str> {
    let begins = |at: &usize| *at == 0 || lower.as_bytes()[at - 1].is_ascii_whitespace();
    let at = lower.match_indices(key).map(|(at, _)| at).find(begins)?;
    text[at + key.len()..].split_ascii_whitespace().next()
}

fn of_word(word: &str) -> Option<Arrival> {
    match word.to_ascii_uppercase().as_str() {
        "DELIVRD" => Some(Arrival::Delivered),
        "EXPIRED" => Some(Arrival::Expired),
        "UNDELIV" | "DELETED" => Some(Arrival::Undeliverable),
        "REJECTD" => Some(Arrival::Rejected),
        _ => None,
    }
}

const fn of_state(state: MessageState) -> Option<Arrival> {
    match state {
        MessageState::Delivered => Some(Arrival::Delivered),
        MessageState::Expired => Some(Arrival::Expired),
        MessageState::Deleted | MessageState::Undeliverable => Some(Arrival::Undeliverable),
        MessageState::Rejected => Some(Arrival::Rejected),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn told(text: &str) -> (Option<String>, Option<Arrival>) {
        let Told { id, arrival } = Told::read(text.as_bytes());
        (id, arrival)
    }

    #[test]
    fn receipts_are_read_as_centres_write_them() {
        let whole = "id:7220bb6b sub:001 dlvrd:001 submit date:2611281200 done date:2611281201 \
                     stat:DELIVRD err:000 text:Ho so stat:REJECTD";
        let delivered = Some(Arrival::Delivered);
        assert_eq!(told(whole), (Some("7220bb6b".into()), delivered));
        assert_eq!(told("Id:00A1 Stat:delivrd"), (Some("00A1".into()), delivered));
        assert_eq!(told("sub:001 stat:EXPIRED"), (None, Some(Arrival::Expired)));
        assert_eq!(told("id:1 stat:ENROUTE"), (Some("1".into()), None));
        assert_eq!(told("sid:1 text:id:2 stat:DELIVRD"), (None, None));
        assert_eq!(told("id:"), (None, None));
    }

    fn deliver(class: u8, content: &[u8]) -> DeliverSm {
        DeliverSm::builder()
            .esm_class(EsmClass::from(class))
            .short_message(rusmpp::types::OctetString::from_vec(content.to_vec()).unwrap())
            .build()
    }

    #[test]
    fn only_a_final_receipt_of_a_known_id_is_one() {
        let read = |class, text: &str| of(&deliver(class, text.as_bytes()), SmppIds::Same);
        let one =
            Receipt { provider: "smpp".into(), id: "7".into(), arrival: Arrival::Undeliverable };
        assert_eq!(read(4, "id:7 stat:UNDELIV"), Some(one));
        assert_eq!(read(0, "id:7 stat:UNDELIV"), None, "somebody answers a message");
        assert_eq!(read(4, "id:7 stat:ACCEPTD"), None);
        assert_eq!(read(4, "stat:DELIVRD"), None);
        assert_eq!(read(4, &format!("id:{} stat:DELIVRD", "7".repeat(65))), None);
    }

    #[test]
    fn a_number_in_two_forms_is_one() {
        let id = |text: &str, ids| of(&deliver(4, text.as_bytes()), ids).map(|receipt| receipt.id);
        let taken = SmppIds::Hexadecimal.taken("7220bb6b");
        assert_eq!(taken, "1914747755");
        let receipt = "id:01914747755 stat:DELIVRD";
        assert_eq!(id(receipt, SmppIds::Hexadecimal), Some(taken));
        assert_eq!(id(receipt, SmppIds::Same), Some("01914747755".into()));
        assert_eq!(SmppIds::Hexadecimal.taken("no-number"), "no-number");
        assert_eq!(SmppIds::Same.taken("00A1"), "00A1");
    }

    proptest! {
        #[test]
        fn any_octets_are_a_receipt_or_none(
            class: u8,
            content in prop::collection::vec(any::<u8>(), 0..255),
        ) {
            if let Some(receipt) = of(&deliver(class, &content), SmppIds::Hexadecimal) {
                prop_assert!(!receipt.id.is_empty() && receipt.id.len() <= LONGEST_ID);
            }
        }

        #[test]
        fn any_text_with_the_keys_is_read(
            before in "[ -~ồ]{0,40}",
            id in "[0-9a-zA-Z-]{1,64}",
            after in "[ -~ồ]{0,40}",
        ) {
            let text = format!("{before} id:{id} {after}");
            let read = Told::read(text.as_bytes());
            let whole = !before.to_lowercase().contains("id:") && !before.to_lowercase().contains(TEXT);
            prop_assert!(!whole || read.id == Some(id));
        }
    }
}
