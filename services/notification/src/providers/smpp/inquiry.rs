use motcua_vn::PhoneNumber;
use rusmpp::{
    pdus::DeliverSm,
    tlvs::TlvValue,
    values::{DataCoding, EsmClass, GsmFeatures, MessageType},
};

use crate::domain::{Said, gsm7_text};

/// What somebody wrote from a mobile telephone, if that is what came. Of a message in parts each
/// stands alone: no question needs two.
pub(super) fn of(deliver: &DeliverSm) -> Option<Said> {
    let class = deliver.esm_class;
    if class.message_type != MessageType::Default {
        return None;
    }
    let phone = phone(deliver.source_addr.as_str())?;
    let payload = deliver.tlvs().iter().find_map(|tlv| match tlv.value() {
        Some(TlvValue::MessagePayload(content)) => Some(content.value.as_ref()),
        _ => None,
    });
    let content = payload.unwrap_or_else(|| deliver.short_message().as_ref());
    let content = if has_header(class) { body(content)? } else { content };
    let text = match deliver.data_coding {
        DataCoding::McSpecific => gsm7_text(content),
        DataCoding::Ia5 | DataCoding::Latin1 => content.iter().copied().map(char::from).collect(),
        DataCoding::Ucs2 => {
            let units = content.chunks_exact(2).map(|two| u16::from_be_bytes([two[0], two[1]]));
            char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
        }
        _ => return None,
    };
    Some(Said { phone, text })
}

/// Centres write a number with the country's code, and with or without its sign; services and
/// landlines have no questions.
fn phone(address: &str) -> Option<PhoneNumber> {
    let digits = address.trim_start_matches('+');
    let national = match digits.strip_prefix("84") {
        Some(rest) => format!("0{rest}"),
        None => digits.to_owned(),
    };
    PhoneNumber::parse(&national).ok().filter(PhoneNumber::is_mobile)
}

fn has_header(class: EsmClass) -> bool {
    matches!(class.gsm_features, GsmFeatures::UdhiIndicator | GsmFeatures::SetUdhiAndReplyPath)
}

/// What follows the header, which begins with its length.
fn body(content: &[u8]) -> Option<&[u8]> {
    let (length, rest) = content.split_first()?;
    rest.get(usize::from(*length)..)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rusmpp::types::{COctetString, OctetString};

    use super::*;

    fn deliver(from: &str, class: u8, coding: DataCoding, content: &[u8]) -> DeliverSm {
        DeliverSm::builder()
            .source_addr(COctetString::from_vec([from.as_bytes(), &[0]].concat()).unwrap())
            .esm_class(EsmClass::from(class))
            .data_coding(coding)
            .short_message(OctetString::from_vec(content.to_vec()).unwrap())
            .build()
    }

    fn text(class: u8, coding: DataCoding, content: &[u8]) -> Option<String> {
        of(&deliver("84912345678", class, coding, content)).map(|said| said.text)
    }

    #[test]
    fn what_is_written_is_read_in_its_alphabet() {
        let plain = |content: &[u8]| text(0, DataCoding::McSpecific, content);
        assert_eq!(plain(b"TRACUU H53.12-1"), Some("TRACUU H53.12-1".into()));
        assert_eq!(plain(&[0x11, 0x1b, 0x3c, 0x7f]), Some("_[à".into()));
        let units: Vec<u8> = "tra cứu".encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(text(0, DataCoding::Ucs2, &units), Some("tra cứu".into()));
        let parted = [&[5, 0, 3, 1, 2, 1][..], b"TC"].concat();
        assert_eq!(text(0x40, DataCoding::McSpecific, &parted), Some("TC".into()));
        assert_eq!(text(0x40, DataCoding::McSpecific, &[9, 0]), None);
        assert_eq!(text(4, DataCoding::McSpecific, b"id:1 stat:DELIVRD"), None, "a receipt");
        assert_eq!(text(0, DataCoding::OctetUnspecified, b"TC"), None);
    }

    #[test]
    fn only_mobile_telephones_ask() {
        let asks = |from| of(&deliver(from, 0, DataCoding::McSpecific, b"TC")).map(|s| s.phone);
        let known = PhoneNumber::parse("0912345678").ok();
        for from in ["84912345678", "+84912345678", "0912345678"] {
            assert_eq!(asks(from), known, "{from}");
        }
        for from in ["", "9123", "VIETTEL", "842838123456", "85512345678"] {
            assert_eq!(asks(from), None, "{from}");
        }
    }

    proptest! {
        #[test]
        fn any_octets_are_read_or_not(
            class: u8,
            coding: u8,
            content in prop::collection::vec(any::<u8>(), 0..255),
        ) {
            let coding = DataCoding::from(coding);
            if let Some(said) = of(&deliver("84912345678", class, coding, &content)) {
                prop_assert!(said.text.chars().count() <= content.len());
            }
        }
    }
}
