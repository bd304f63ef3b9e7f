use std::sync::Arc;

use motcua_ids::Uuid;
use motcua_sealing::Keyring;
use proptest::prelude::*;

use super::*;
use crate::{config::BouncesConfig, domain::MailStatus};

const ADDRESS: &str = "Bounces@Example.vn";

fn message() -> MessageId {
    MessageId::new(Uuid::from_u128(0x0197_0000_0000_7000_8000_0000_0000_002a))
}

fn returns(keyring: Keyring) -> ReturnAddress {
    let config = BouncesConfig { address: Some(ADDRESS.to_owned()), ..Default::default() };
    ReturnAddress::new(&config, &Arc::new(keyring)).unwrap()
}

/// A report as mail servers write them, to this address.
fn report(to: &str, fields: &str) -> String {
    format!(
        "Return-Path: <>\r\nFrom: MAILER-DAEMON@mail.example.vn\r\nTo: {to}\r\n\
         Subject: Undelivered Mail Returned to Sender\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=\"b1\"\r\n\r\n\
         --b1\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nThư không đến nơi.\r\n\r\n\
         --b1\r\nContent-Type: message/delivery-status\r\n\r\n\
         Reporting-MTA: dns; mail.example.vn\r\nArrival-Date: Mon, 2 Mar 2026 09:00:00 +0700\r\n\r\n\
         Final-Recipient: rfc822; ai-do@example.org\r\n{fields}\r\n\r\n\
         --b1\r\nContent-Type: text/rfc822-headers\r\n\r\nSubject: x\r\n\r\n--b1--\r\n"
    )
}

#[test]
fn a_report_is_read_whoever_writes_it() {
    let returns = returns(Keyring::generate());
    let of =
        |fields: &str| Returned::read(report(&returns.of(message()), fields).as_bytes(), &returns);
    let status = |code: &str| MailStatus::parse(code).unwrap();
    for (fields, says) in [
        ("Action: failed\r\nStatus: 5.1.1", Bounce::Failed(status("5.1.1"))),
        ("ACTION: Failed (no such user)\r\nstatus: 5.2.2 (full)", Bounce::Failed(status("5.2.2"))),
        ("Status: 4.4.1\r\nAction: failed", Bounce::Failed(status("4.4.1"))),
        ("Action: failed\r\nStatus: nonsense", Bounce::Failed(MailStatus::UNSAID)),
        ("Action: delayed\r\nStatus: 4.4.1", Bounce::Delayed),
        ("Action: relayed\r\nStatus: 2.0.0", Bounce::Arrived),
        ("Action: delivered\r\nStatus: 2.1.5", Bounce::Arrived),
        ("\r\nAction: failed\r\nStatus: 5.1.1", Bounce::Failed(status("5.1.1"))),
        (
            // Behind an address there may be several.
            "Action: delayed\r\nStatus: 4.0.0\r\n\r\nFinal-Recipient: rfc822; b@example.org\r\n\
             Action: failed\r\nStatus: 5.1.1\r\n\r\nAction: delivered\r\nStatus: 2.0.0",
            Bounce::Failed(status("5.1.1")),
        ),
    ] {
        assert_eq!(of(fields), Returned::Report(message(), says), "{fields}");
    }
    for fields in ["Status: 5.1.1", "Action: misplaced\r\nStatus: 5.1.1", ""] {
        assert_eq!(of(fields), Returned::Other, "{fields}");
    }
}

#[test]
fn what_is_no_report_is_another_letter() {
    let returns = returns(Keyring::generate());
    let to = returns.of(message());
    let answer = format!(
        "To: {to}\r\nAuto-Submitted: auto-replied\r\nContent-Type: text/plain\r\n\r\n\
         Action: failed\r\nStatus: 5.1.1\r\n"
    );
    assert_eq!(Returned::read(answer.as_bytes(), &returns), Returned::Other);
    // Somebody passes a report on.
    let own = report(&to, "Action: failed\r\nStatus: 5.1.1");
    let passed = format!(
        "To: {to}\r\nContent-Type: multipart/mixed; boundary=\"m\"\r\n\r\n\
         --m\r\nContent-Type: message/rfc822\r\n\r\n{own}\r\n--m--\r\n"
    );
    assert_eq!(Returned::read(passed.as_bytes(), &returns), Returned::Other);
    let cut = &own.as_bytes()[..own.find("--b1--").unwrap()];
    assert!(matches!(Returned::read(cut, &returns), Returned::Report(..)), "its end is not needed");
}

#[test]
fn an_address_proves_itself() {
    let keyring = Keyring::generate();
    let own = returns(Keyring::new(keyring.data(), keyring.index()));
    let address = own.of(message());
    let (local, domain) = address.split_once('@').unwrap();
    assert_eq!((domain, local.len()), ("example.vn", "bounces+".len() + 48));
    assert!(lettre_takes(&address) && local.len() <= 64);
    let find = |text: &str| own.find(text.as_bytes());
    assert_eq!(find(&format!("X-Original-To: {address}")), Some(message()));
    assert_eq!(find(&address.to_uppercase()), Some(message()), "servers may change the case");
    assert_eq!(find(&format!("bounces+no@example.vn {address}")), Some(message()));
    for wrong in [
        address.replace("bounces+", "bounce+"),
        address.replace("@example.vn", "@example.org"),
        format!("bounces+{}@example.vn", "0".repeat(48)),
        // Another message's id with this one's proof, and a proof cut short.
        address.replacen("002a", "002b", 1),
        address.replace('@', "0@"),
        local.to_owned(),
    ] {
        assert_eq!(find(&wrong), None, "{wrong}");
    }
    assert_eq!(returns(Keyring::generate()).find(address.as_bytes()), None);
    // While keys are exchanged and after, until the old ones are thrown away.
    let changed = returns(keyring.with_new_index_key());
    assert_eq!(changed.find(address.as_bytes()), Some(message()));
    assert_ne!(changed.of(message()), address);
}

fn lettre_takes(address: &str) -> bool {
    address.parse::<lettre::Address>().is_ok()
}

proptest! {
    #[test]
    fn any_letter_is_read_or_set_aside(
        head in "\\PC{0,80}",
        fields in "([A-Za-z-]{0,12}: ?[\\x00-\\x7f]{0,20}\r?\n){0,6}",
        body in proptest::collection::vec(any::<u8>(), 0..600),
        cut in 0..2_000_usize,
        place in 0..2_000_usize,
    ) {
        let returns = returns(Keyring::generate());
        let _ = Returned::read(&body, &returns);
        let mut letter = report(&returns.of(message()), &fields).into_bytes();
        let place = place.min(letter.len());
        letter.splice(place..place, body.iter().copied().chain(head.bytes()));
        letter.truncate(cut);
        let _ = Returned::read(&letter, &returns);
        let _ = MailStatus::parse(&head);
    }

    #[test]
    fn no_guess_is_a_proof(id in any::<[u8; 16]>(), proof in any::<[u8; 8]>()) {
        let returns = returns(Keyring::generate());
        let token = hex::encode([&id[..], &proof[..]].concat());
        prop_assert_eq!(returns.find(format!("bounces+{token}@example.vn").as_bytes()), None);
    }
}
