use motcua_context::Timestamp;
use motcua_ids::MessageId;
use motcua_vn::{PhoneNumber, local};
use rusmpp::{
    pdus::{BindTransceiver, SubmitSm},
    types::{COctetString, EmptyOrFullCOctetString, OctetString},
    values::{DataCoding, EsmClass, InterfaceVersion, Npi, RegisteredDelivery, Ton},
};

use crate::{
    config::SmppConfig,
    domain::{Alphabet, Parts},
};

/// A header of parts stands before the text.
const HEADER: u8 = 0x40;
const FINAL_RECEIPT: u8 = 1;

/// Who we are; none if that does not fit the protocol.
pub(super) fn bind(config: &SmppConfig) -> Option<BindTransceiver> {
    let bind = BindTransceiver::builder()
        .system_id(text(&config.system_id)?)
        .password(text(config.password.expose())?)
        .system_type(text(&config.system_type)?)
        .interface_version(InterfaceVersion::Smpp3_4)
        .build();
    Some(bind)
}

/// A message's parts, with which the centre gives up at an instant; none if they do not fit the
/// protocol.
pub(super) fn submits(
    config: &SmppConfig,
    to: &PhoneNumber,
    message: MessageId,
    until: Option<Timestamp>,
    parts: &Parts,
) -> Option<Vec<SubmitSm>> {
    let (ton, npi) = if config.is_named() {
        (Ton::Alphanumeric, Npi::Unknown)
    } else {
        (Ton::Unknown, Npi::Isdn)
    };
    let coding = match parts.alphabet {
        Alphabet::Gsm7 => DataCoding::McSpecific,
        Alphabet::Ucs2 => DataCoding::Ucs2,
    };
    let several = parts.octets.len() > 1;
    let total = u8::try_from(parts.octets.len()).ok()?;
    let submit = |(number, octets): (u8, &Vec<u8>)| {
        // Nothing of it is left to defaults: the crate's own set a bit of ANSI-41.
        let class = EsmClass::from(if several { HEADER } else { 0 });
        let receipt = if config.receipts && number == total { FINAL_RECEIPT } else { 0 };
        let mut content = Vec::new();
        if several {
            content.extend([5, 0, 3, reference(message), total, number]);
        }
        content.extend(octets);
        let submit = SubmitSm::builder()
            .source_addr_ton(ton)
            .source_addr_npi(npi)
            .source_addr(text(&config.source)?)
            .dest_addr_ton(Ton::International)
            .dest_addr_npi(Npi::Isdn)
            .destination_addr(text(to.e164().trim_start_matches('+'))?)
            .esm_class(class)
            .validity_period(until.map_or_else(|| Some(EmptyOrFullCOctetString::empty()), time)?)
            .registered_delivery(RegisteredDelivery::from(receipt))
            .data_coding(coding)
            .short_message(OctetString::from_vec(content).ok()?)
            .build();
        Some(submit)
    };
    (1..=total).zip(&parts.octets).map(submit).collect()
}

/// An instant (SMPP 3.4, 7.1.1): local time with its distance from Greenwich in
/// quarters of an hour, which a centre of the country that overlooks the distance reads right too.
fn time(at: Timestamp) -> Option<EmptyOrFullCOctetString<17>> {
    let mut text = local::local(at).format("%y%m%d%H%M%S028+").to_string().into_bytes();
    text.push(0);
    EmptyOrFullCOctetString::from_vec(text).ok()
}

/// By what a telephone knows parts that belong together: the same for every try.
fn reference(message: MessageId) -> u8 {
    message.uuid().as_bytes()[15]
}

fn text<const MAX: usize>(text: &str) -> Option<COctetString<1, MAX>> {
    COctetString::from_string(text.to_owned()).ok().or_else(|| {
        let mut ended = text.as_bytes().to_vec();
        ended.push(0);
        COctetString::from_vec(ended).ok()
    })
}
