use motcua_ids::Uuid;
use motcua_vn::PhoneNumber;

use super::*;

const RULE: RetryRule = RetryRule {
    attempts: 3,
    first_wait: TimeDelta::seconds(60),
    longest_wait: TimeDelta::seconds(100),
};

fn at(seconds: i64) -> Timestamp {
    DateTime::from_timestamp(1_795_000_000 + seconds, 0).unwrap()
}

fn owner() -> AccountId {
    AccountId::new(Uuid::from_u128(9))
}

fn message(address: Address) -> Message {
    let origin = Origin {
        event: EventId::new(Uuid::from_u128(1)),
        family: "intake",
        fact_version: 3,
        dossier: DossierId::new(Uuid::from_u128(2)),
        code: "H53-261121-0001".into(),
        account: Some(owner()),
        agency_path: String::new(),
    };
    let written = Written { address, title: String::new(), text: "…".into() };
    let id = MessageId::new(Uuid::from_u128(3));
    Message::write(id, origin, Topic::ResultReady, "t".into(), written, at(0))
}

fn sms() -> Message {
    message(Address::Sms(PhoneNumber::parse("0912345678").unwrap()))
}

#[test]
fn in_an_inbox_it_has_arrived_and_elsewhere_it_waits() {
    let inbox = message(Address::Inbox(owner()));
    assert_eq!(inbox.state, MessageState::Delivered { at: at(0), attempts: 1 });
    assert_eq!(sms().state, MessageState::Queued { attempts: 0 });
}

#[test]
fn it_is_handed_over_once() {
    let mut message = sms();
    message.deliver(at(5)).unwrap();
    assert_eq!(message.state, MessageState::Delivered { at: at(5), attempts: 1 });
    assert_eq!(message.deliver(at(6)), Err(Refusal::NotQueued));
    assert_eq!(message.fail(at(6), "X", RULE), Err(Refusal::NotQueued));
}

#[test]
fn it_is_tried_ever_more_slowly_and_then_given_up() {
    let mut message = sms();
    assert_eq!(message.fail(at(0), "UNAVAILABLE", RULE), Ok(Attempt::Again(at(60))));
    assert_eq!(message.fail(at(60), "UNAVAILABLE", RULE), Ok(Attempt::Again(at(160))));
    assert_eq!(message.fail(at(160), "UNAVAILABLE", RULE), Ok(Attempt::GivenUp));
    let given_up = MessageState::Failed { at: at(160), attempts: 3, reason: "UNAVAILABLE".into() };
    assert_eq!(message.state, given_up);
    assert_eq!(message.version, 4);
}

#[test]
fn a_wait_never_overflows() {
    assert_eq!(RULE.wait(u16::MAX), TimeDelta::seconds(100));
    assert_eq!(RULE.wait(1), TimeDelta::seconds(60));
}

#[test]
fn only_its_owner_reads_it_and_the_first_time_counts() {
    let mut message = message(Address::Inbox(owner()));
    let other = AccountId::new(Uuid::from_u128(10));
    assert_eq!(message.read(other, at(5)), Err(Refusal::MessageUnknown));
    message.read(owner(), at(6)).unwrap();
    message.read(owner(), at(7)).unwrap();
    assert_eq!((message.read_at, message.version), (Some(at(6)), 2));
    assert_eq!(sms().read(owner(), at(5)), Err(Refusal::NotInInbox));
}
