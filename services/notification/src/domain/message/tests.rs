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
        dossier: Some(DossierId::new(Uuid::from_u128(2))),
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

fn taken(seconds: i64) -> Handover {
    Handover {
        provider: "smpp".into(),
        id: Some("a1".into()),
        segments: 1,
        at: at(seconds),
        took: TimeDelta::milliseconds(20),
    }
}

#[test]
fn it_is_handed_over_once() {
    let mut message = sms();
    message.hand_over(taken(5), false).unwrap();
    assert_eq!(message.state, MessageState::Delivered { at: at(5), attempts: 1 });
    assert_eq!(message.handover, Some(taken(5)));
    assert_eq!(message.hand_over(taken(6), false), Err(Refusal::NotQueued));
    assert_eq!(message.fail(at(6), "X", None, RULE), Err(Refusal::NotQueued));
    assert_eq!(message.refuse(at(6), "X"), Err(Refusal::NotQueued));
}

#[test]
fn it_is_tried_ever_more_slowly_and_then_given_up() {
    let mut message = sms();
    for (now, shortest, longest) in [(0, 45, 60), (60, 75, 100)] {
        let Ok(Attempt::Again(next)) = message.fail(at(now), "AWAY", None, RULE) else {
            panic!("given up at {now}")
        };
        let wait = (next - at(now)).as_seconds_f64();
        assert!((f64::from(shortest)..=f64::from(longest)).contains(&wait), "{wait}");
    }
    assert_eq!(message.fail(at(160), "AWAY", None, RULE), Ok(Attempt::GivenUp));
    let given_up = MessageState::Failed { at: at(160), attempts: 3, reason: "AWAY".into() };
    assert_eq!(message.state, given_up);
    assert_eq!(message.version, 4);
}

#[test]
fn whoever_asks_to_be_left_alone_is() {
    let asked = Some(TimeDelta::seconds(500));
    assert_eq!(sms().fail(at(0), "THROTTLED", asked, RULE), Ok(Attempt::Again(at(500))));
}

#[test]
fn what_is_refused_is_not_tried_again() {
    let mut message = sms();
    message.refuse(at(5), "NO_SUCH_NUMBER").unwrap();
    let refused = MessageState::Failed { at: at(5), attempts: 1, reason: "NO_SUCH_NUMBER".into() };
    assert_eq!(message.state, refused);
}

#[test]
fn the_first_receipt_counts() {
    for (arrival, end) in [
        (Arrival::Delivered, MessageState::Delivered { at: at(9), attempts: 1 }),
        (Arrival::Expired, MessageState::Expired { at: at(9), attempts: 1 }),
        (
            Arrival::Rejected,
            MessageState::Failed { at: at(9), attempts: 1, reason: "REJECTED".into() },
        ),
    ] {
        let mut message = sms();
        assert!(!message.arrive(at(4), arrival), "nobody has it yet");
        message.hand_over(taken(5), true).unwrap();
        assert_eq!(message.state, MessageState::Sent { at: at(5), attempts: 1 });
        assert!(message.arrive(at(9), arrival));
        assert!(!message.arrive(at(10), Arrival::Delivered));
        assert_eq!((message.state, message.version), (end, 3));
    }
}

#[test]
fn what_is_spared_is_not_tried_and_what_was_under_way_counts() {
    let mut message = sms();
    message.spare(at(4), Spare::Told).unwrap();
    let spared = MessageState::Spared { at: at(4), attempts: 0, why: Spare::Told };
    assert_eq!(message.state, spared);
    assert_eq!(message.spare(at(5), Spare::Done), Err(Refusal::NotQueued));
    assert_eq!(message.refuse(at(5), "NO_SUCH_NUMBER"), Err(Refusal::NotQueued));
    message.hand_over(taken(6), true).unwrap();
    assert_eq!(message.state, MessageState::Sent { at: at(6), attempts: 1 });
}

#[test]
fn what_is_stale_is_never_handed_over() {
    let mut message = sms();
    assert!(!message.is_stale(at(1_000_000)), "written before there were terms");
    message.terms.expires_at = Some(at(60));
    assert!(!message.is_stale(at(59)) && message.is_stale(at(60)));
    message.expire(at(61)).unwrap();
    assert_eq!(message.state, MessageState::Expired { at: at(61), attempts: 0 });
    assert_eq!(message.hand_over(taken(62), true), Err(Refusal::NotQueued));
}

#[test]
fn a_wait_never_overflows_and_differs() {
    let id = |n| MessageId::new(Uuid::from_u128(n));
    assert!(RULE.wait(u16::MAX, id(1)) <= TimeDelta::seconds(100));
    let waits: std::collections::HashSet<_> = (0..100).map(|n| RULE.wait(1, id(n))).collect();
    assert!(waits.len() > 50, "{}", waits.len());
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
