use chrono::TimeDelta;
use motcua_fault::Refusal;
use motcua_ids::{AgencyId, AgencyPath, Uuid};

use super::*;
use crate::domain::{Channel, Fact, Finance};

fn at(minute: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_secs(1_700_000_000).unwrap() + TimeDelta::minutes(minute)
}

fn account(n: u128) -> AccountId {
    AccountId::new(Uuid::from_u128(n))
}

fn filer(minute: i64) -> Hand {
    Hand { by: By::Filer(account(1)), at: at(minute), why: String::new() }
}

fn desk(minute: i64) -> Hand {
    Hand { by: By::Desk(account(2)), at: at(minute), why: "vì".into() }
}

fn draft() -> Dossier {
    let agency = AgencyPath::root(AgencyId::new(Uuid::from_u128(9)));
    let filing = Filing {
        procedure: Uuid::from_u128(3).into(),
        version: Uuid::from_u128(4).into(),
        number: "1.001193".into(),
        name: "Đăng ký khai sinh".into(),
        case: "default".into(),
        channel: Channel::Online,
        account: Some(account(1)),
        receiving: agency.clone(),
        receiving_code: "H53.01".into(),
        competent: agency,
        finance: Finance::Free,
    };
    Dossier::begin(Uuid::from_u128(5).into(), filing, &filer(0))
}

fn appointment() -> Appointment {
    Appointment {
        limit: None,
        due: None,
        regime: motcua_vn::SupplementRegime::Shift,
        calendar: ("calendars/x".into(), "1".into()),
        policy: ("policies/x".into(), "1".into()),
        rows: Vec::new(),
        legal_rows: Vec::new(),
    }
}

fn round(minute: i64, days: i64) -> Supplement {
    Supplement {
        id: Uuid::from_u128(77).into(),
        round: 0,
        state: RoundState::Requested,
        before_acceptance: false,
        papers: vec!["to-khai".into()],
        answers: Vec::new(),
        ask: None,
        requested_at: at(minute),
        deadline: at(minute) + TimeDelta::days(days),
        ended_at: None,
    }
}

fn ask() -> SupplementId {
    Uuid::from_u128(88).into()
}

fn submitted() -> Dossier {
    let mut dossier = draft();
    dossier.submit(&filer(1), at(480)).unwrap();
    dossier
}

fn processing() -> Dossier {
    let mut dossier = submitted();
    dossier.accept(account(2), &desk(2), appointment()).unwrap();
    assert!(dossier.hear(Fact::ProcessStarted, 1, at(3)).unwrap());
    dossier
}

fn awaiting() -> Dossier {
    let mut dossier = processing();
    assert!(dossier.hear(Fact::SupplementNeeded { ask: ask() }, 2, at(4)).unwrap());
    dossier.request_supplement(&desk(5), round(5, 30), 2).unwrap();
    dossier
}

fn verbs(dossier: &mut Dossier) -> Vec<&'static str> {
    dossier.take_happened().iter().map(|h| h.event.verb()).collect()
}

#[test]
fn the_straight_way_from_draft_to_closed() {
    let mut dossier = processing();
    let approved = Fact::ResultApproved { result: Uuid::from_u128(6).into(), way: ReturnWay::Desk };
    assert!(dossier.hear(approved, 2, at(4)).unwrap());
    assert_eq!(dossier.delivery, DeliveryState::Waiting);
    dossier.return_result(account(2), &desk(5), ReturnWay::Post).unwrap();
    assert_eq!(dossier.delivery, DeliveryState::Sent);
    dossier.close(&desk(6)).unwrap();
    assert_eq!((dossier.state, dossier.delivery), (State::Closed, DeliveryState::Delivered));
    assert_eq!(
        verbs(&mut dossier),
        [
            "create",
            "submit",
            "accept",
            "start_processing",
            "result_ready",
            "return_result",
            "close"
        ]
    );
    assert_eq!(dossier.version, 7, "one version for each thing that happened");
}

#[test]
fn the_second_acceptance_is_told_who_was_first() {
    let mut dossier = processing();
    let refusal = dossier.accept(account(3), &desk(9), appointment()).unwrap_err();
    let fault = motcua_fault::Fault::from(refusal);
    assert_eq!(fault.reason(), "ALREADY_ACCEPTED");
    let by = fault.metadata().iter().find(|(key, _)| key == "by").unwrap();
    assert_eq!(by.1, account(2).name());
}

#[test]
fn a_supplement_before_acceptance_leads_back_to_the_desk() {
    let mut dossier = submitted();
    dossier.request_supplement(&desk(2), round(2, 30), 2).unwrap();
    assert_eq!(dossier.state, State::AwaitingCompletion);
    assert!(dossier.open_round().is_some_and(|r| r.before_acceptance && r.ask.is_none()));
    dossier.provide_supplement(&filer(3), None).unwrap();
    assert_eq!(dossier.state, State::Submitted);
    dossier.request_supplement(&desk(4), round(4, 30), 2).unwrap();
    dossier.provide_supplement(&filer(5), None).unwrap();
    let fault = dossier.request_supplement(&desk(6), round(6, 30), 2).unwrap_err();
    assert_eq!(fault.reason(), "TOO_MANY_ROUNDS");
}

#[test]
fn what_was_brought_to_a_desk_is_asked_for_more_or_rejected_without_a_code() {
    let mut brought = draft();
    brought.filing.channel = Channel::Post;
    let mut rejected = brought.clone();
    brought.request_supplement(&desk(2), round(2, 30), 2).unwrap();
    assert_eq!((brought.state, brought.submitted_at), (State::AwaitingCompletion, Some(at(2))));
    brought.provide_supplement(&desk(3), Some(at(9))).unwrap();
    assert_eq!((brought.state, brought.reply_due_at), (State::Submitted, Some(at(9))));
    assert!(!brought.needs_code(), "minted at acceptance");
    brought.accept(account(2), &desk(4), appointment()).unwrap();
    assert_eq!((brought.minted_at(), brought.needs_code()), (Some(at(4)), true));

    rejected.reject(&desk(2)).unwrap();
    assert_eq!((rejected.state, rejected.submitted_at), (State::Rejected, Some(at(2))));
    assert!(!rejected.needs_code());
}

#[test]
fn an_online_draft_is_filed_by_its_writer_alone() {
    let mut online = draft();
    assert_eq!(online.reject(&desk(2)).unwrap_err().reason(), "NOT_SUBMITTED");
    let asked = online.request_supplement(&desk(2), round(2, 30), 2).unwrap_err();
    assert_eq!(asked.reason(), "NOT_SUBMITTED");
    assert_eq!((online.state, online.submitted_at), (State::Draft, None));
}

#[test]
fn a_forwarded_ask_is_answered_with_its_own_id() {
    let mut dossier = awaiting();
    assert_eq!(dossier.open_round().unwrap().ask, Some(ask()));
    assert_eq!(dossier.pending_ask, None);
    dossier.provide_supplement(&filer(6), None).unwrap();
    assert_eq!(dossier.state, State::Processing);
    let happened = dossier.take_happened();
    let Event::SupplementProvided(round) = &happened.last().unwrap().event else { panic!() };
    assert_eq!((round.ask, round.round), (Some(ask()), 1));
}

#[test]
fn the_desk_may_find_that_nothing_is_missing() {
    let mut dossier = processing();
    dossier.hear(Fact::SupplementNeeded { ask: ask() }, 2, at(4)).unwrap();
    dossier.decline_supplement(&desk(5)).unwrap();
    assert_eq!((dossier.state, dossier.pending_ask), (State::Processing, None));
}

#[test]
fn an_answer_after_the_deadline_is_refused_even_if_the_timer_is_late() {
    let mut dossier = awaiting();
    let late = filer(5 + 30 * 24 * 60 + 1);
    assert_eq!(dossier.provide_supplement(&late, None).unwrap_err().reason(), "SUPPLEMENT_EXPIRED");
}

#[test]
fn a_missed_deadline_rejects_before_acceptance_and_stops_after() {
    let mut before = submitted();
    before.request_supplement(&desk(2), round(2, 1), 2).unwrap();
    assert!(!before.expire_supplement(at(10)).unwrap(), "not yet");
    assert!(before.expire_supplement(at(3 + 24 * 60)).unwrap());
    assert_eq!(before.state, State::Rejected);
    assert_eq!(verbs(&mut before)[3..], ["expire_supplement", "reject"]);

    let mut after = awaiting();
    assert!(after.expire_supplement(at(6 + 30 * 24 * 60)).unwrap());
    assert_eq!(
        (after.state, after.stop_cause),
        (State::Stopped, Some(StopCause::SupplementExpired))
    );
    let versions: Vec<_> = after.take_happened().iter().map(|h| h.version).collect();
    assert!(versions.windows(2).all(|w| w[0] < w[1]), "each event has its own version");
    assert!(!after.expire_supplement(at(9_999_999)).unwrap(), "once");
}

#[test]
fn a_withdrawal_before_acceptance_ends_it_at_once() {
    let mut dossier = submitted();
    dossier.withdraw(&filer(2)).unwrap();
    assert_eq!((dossier.state, dossier.ended_at), (State::Stopped, Some(at(2))));
    let happened = dossier.take_happened();
    assert!(matches!(
        happened.last().unwrap().event,
        Event::Stopped { cause: StopCause::Withdrawn, before_acceptance: true }
    ));
}

#[test]
fn a_withdrawal_during_processing_is_for_workflow_to_answer() {
    let mut dossier = processing();
    dossier.withdraw(&filer(4)).unwrap();
    assert_eq!(dossier.state, State::WithdrawalRequested);
    dossier.hear(Fact::ProcessStopped { cause: StopCause::Withdrawn }, 2, at(5)).unwrap();
    assert_eq!(dossier.state, State::Stopping);
    dossier.issue_stop_notice(&desk(6)).unwrap();
    assert_eq!((dossier.state, dossier.stop_cause), (State::Stopped, Some(StopCause::Withdrawn)));
}

#[test]
fn a_refused_withdrawal_goes_on_where_it_stood() {
    let mut dossier = awaiting();
    let deadline = dossier.open_round().unwrap().deadline;
    dossier.withdraw(&filer(10)).unwrap();
    dossier.hear(Fact::StopRefused, 3, at(100)).unwrap();
    assert_eq!(dossier.state, State::AwaitingSupplement);
    let moved = dossier.open_round().unwrap().deadline;
    assert_eq!(moved - deadline, TimeDelta::minutes(90), "the wait is given back");
}

#[test]
fn an_ask_that_crosses_a_withdrawal_waits_for_its_refusal() {
    let mut dossier = processing();
    dossier.withdraw(&filer(4)).unwrap();
    dossier.hear(Fact::SupplementNeeded { ask: ask() }, 2, at(5)).unwrap();
    assert_eq!(dossier.state, State::WithdrawalRequested);
    dossier.hear(Fact::StopRefused, 3, at(6)).unwrap();
    assert_eq!((dossier.state, dossier.pending_ask), (State::SupplementNeeded, Some(ask())));
}

#[test]
fn a_result_that_crosses_a_withdrawal_wins() {
    let mut dossier = processing();
    dossier.withdraw(&filer(4)).unwrap();
    let approved = Fact::ResultApproved { result: Uuid::from_u128(6).into(), way: ReturnWay::Desk };
    dossier.hear(approved, 2, at(5)).unwrap();
    assert!(!dossier.hear(Fact::StopRefused, 3, at(6)).unwrap());
    assert_eq!((dossier.state, dossier.withdrawal.is_none()), (State::ResultReady, true));
}

#[test]
fn late_and_repeated_facts_change_nothing() {
    let mut dossier = processing();
    let version = dossier.version;
    assert!(!dossier.hear(Fact::ProcessStarted, 1, at(9)).unwrap());
    let moved = |due| Fact::DueDateChanged { legal_due_at: None, promised_due_at: Some(due) };
    assert!(dossier.hear(moved(at(50)), 7, at(9)).unwrap());
    assert!(!dossier.hear(moved(at(20)), 6, at(9)).unwrap(), "older than what is known");
    assert_eq!(dossier.acceptance.unwrap().promised_due_at, Some(at(50)));
    assert_eq!(dossier.version, version + 1);
}

#[test]
fn an_etag_of_before_is_refused_and_none_asks_for_nothing() {
    let dossier = submitted();
    assert!(dossier.matches("").is_ok());
    assert!(dossier.matches(&dossier.etag()).is_ok());
    assert_eq!(dossier.matches("v1"), Err(Denial::EtagMismatch));
}
